"""report.py KERNELS PROGRAMS [--in-turn] [--json FILE]

Compiles every program listed in PROGRAMS/kernels.json for every target, or for two of them in turn, prints what each
needs, and fails on what no kernel may do. KERNELS is the folder of kernel files that PROGRAMS must cover.
"""

import argparse
import dataclasses
import itertools
import json
import os
import sys
import time

from check import compile_all, items, judge, long_vectors, unseen
from targets import AMD, CompileError, targets


def cell(usage):
    if usage is None:
        return "-"
    if isinstance(usage, CompileError):
        return "error"
    registers = f"{usage.registers}" if usage.scalar_registers is None else (
        f"{usage.registers}+{usage.scalar_registers}")
    return f"{registers} {usage.waves}/{usage.maximum_waves}"


def table(programs, devices, results):
    """Rows grouped by kernel file and entry point."""
    rows = []
    for program, usages in zip(programs, results):
        known = [usage for usage in usages if usage and not isinstance(usage, CompileError)]
        most = {name: max((getattr(usage, name) for usage in known), default="?")
                for name in ("local_bytes", "spills", "scratch_bytes")}
        defines = program["variant"].split(" ", 1)[1:] or ["-"]
        rows.append([defines[0], "x".join(map(str, program["work_group"])), *map(str, most.values()),
                     *map(cell, usages)])
    head = ["", "group", "local B", "spills", "scratch B", *(device.name for device in devices)]
    widths = [max(map(len, column)) for column in zip(head, *rows)]

    def line(row):
        return "  " + row[0].ljust(widths[0]) + "".join("  " + text.rjust(width)
                                                        for text, width in zip(row[1:], widths[1:]))

    yield line(head)
    for (source, entry), group in itertools.groupby(zip(programs, rows),
                                                    lambda pair: (pair[0]["source"], pair[0]["entry"])):
        yield f"{source} {entry}"
        for _, row in group:
            yield line(row)


def row_json(program, devices, usages):
    measured = {
        device.name: {"error": str(usage)} if isinstance(usage, CompileError) else dataclasses.asdict(usage)
        for device, usage in zip(devices, usages)
        if usage
    }
    return {**{key: program[key] for key in ("source", "entry", "variant", "options", "work_group")},
            "targets": measured}


def main():
    parser = argparse.ArgumentParser(description="What SIMT kernels need of GPUs, by compiling them.")
    parser.add_argument("kernels")
    parser.add_argument("programs")
    parser.add_argument("--in-turn", action="store_true", help="each program for one target of each vendor, in turn")
    parser.add_argument("--json", metavar="FILE", help="write every figure")
    arguments = parser.parse_args()

    start = time.monotonic()
    with open(os.path.join(arguments.programs, "kernels.json")) as file:
        programs = json.load(file)
    for program in programs:
        program["path"] = os.path.join(arguments.programs, program["file"])
    devices = targets()
    results = compile_all(programs, devices, jobs=2, in_turn=arguments.in_turn)
    if arguments.json:
        with open(arguments.json, "w") as file:
            json.dump([row_json(*row) for row in zip(programs, itertools.repeat(devices), results)], file, indent=2)
            file.write("\n")

    for line in table(programs, devices, results):
        print(line)
    for device in devices:
        registers = "VGPRs+SGPRs" if isinstance(device, AMD) else "registers"
        print(f"  {device.name}: {registers}, occupancy in {device.unit}")
    print("Local memory, spills and scratch: the most of any target. Compiled only: no GPU has run these kernels.")
    problems = unseen(arguments.kernels, programs) + judge(programs, devices, results)
    problems += long_vectors(programs, jobs=2)
    for problem in problems:
        print(f"gpu-check: {problem}", file=sys.stderr)
    entries = len({(program["source"], program["entry"]) for program in programs})
    print(f"gpu-check: {entries} SIMT kernels in {len(programs)} variants compiled for "
          f"{', '.join(device.name for device in devices)} in {time.monotonic() - start:.0f} s: "
          f"{len(problems) or 'no'} problem{'' if len(problems) == 1 else 's'}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
