"""Judges what kernels need of GPUs. Imported by report.py and self_test.py."""

import collections
import itertools
import os
import re
import tempfile
from concurrent.futures import ThreadPoolExecutor

from targets import CompileError, preprocessed

# What every kernel must fit (CONTRIBUTING.md), so that it runs on a device nobody listed.
LOCAL_LIMIT = 32 << 10
WORK_GROUP_LIMIT = 256

# Vectors of 8 and 16 values, their loads and their conversions: dialects other than OpenCL C end at 4.
LONG_VECTOR = re.compile(
    r"\b(?:v(?:load|store)(?:_half)?|(?:convert_|as_)?(?:u?(?:char|short|int|long)|float|half))(?:8|16)\b")


def compile_all(programs, targets, jobs, in_turn=False):
    """The usage, or the CompileError, of each (program, target), two lists deep. In turn, an entry's first program is compiled
    for every target and each other one for every second target; None stands for the rest.
    """
    counts = collections.Counter()
    turns = []
    for program in programs:
        turns.append(counts[program["entry"]])
        counts[program["entry"]] += 1

    with tempfile.TemporaryDirectory() as scratch, ThreadPoolExecutor(jobs) as pool:

        def measure(numbered):
            number, ((turn, program), (place, target)) = numbered
            if in_turn and turn and turn % 2 != place % 2:
                return None
            try:
                return target.measure(
                    program["path"], program["entry"], program["options"], items(program),
                    os.path.join(scratch, str(number)))
            except CompileError as error:
                return error

        flat = pool.map(measure, enumerate(itertools.product(zip(turns, programs), enumerate(targets))))
        return [list(itertools.islice(flat, len(targets))) for _ in programs]


def items(program):
    count = 1
    for extent in program["work_group"]:
        count *= extent
    return count


def complaints(usage):
    """What is wrong with one entry point on one target, as phrases."""
    if usage is None:
        return []
    if isinstance(usage, CompileError):
        return [f"does not compile: {usage}"]
    found = []
    if usage.spills:
        found.append(f"spills ({usage.spills})")
    if usage.scratch_bytes:
        found.append(f"uses {usage.scratch_bytes} bytes of scratch an item")
    if usage.local_bytes > LOCAL_LIMIT:
        found.append(f"takes {usage.local_bytes} bytes of local memory; the limit is {LOCAL_LIMIT}")
    if usage.takes_local_argument:
        found.append("takes local memory as an argument, whose size cannot be seen here")
    if not usage.waves:
        found.append("does not fit: no work-group can be resident")
    return found


def judge(programs, targets, results):
    """Every complaint, a line each."""
    lines = []
    for program, usages in zip(programs, results):
        name = f"{program['source']} {program['variant']}"
        if items(program) > WORK_GROUP_LIMIT:
            lines.append(f"{name}: work-groups of {items(program)} items; the limit is {WORK_GROUP_LIMIT}")
        for target, usage in zip(targets, usages):
            lines += [f"{name} on {target.name}: {complaint}" for complaint in complaints(usage)]
    return lines


def long_vectors(programs, jobs):
    """SIMT programs in which a vector of more than 4 values is left, a line each."""
    def words(program):
        return sorted(set(LONG_VECTOR.findall(preprocessed(program["path"], program["options"]))))

    with ThreadPoolExecutor(jobs) as pool:
        for program, found in zip(programs, pool.map(words, programs)):
            if found:
                yield f"{program['source']} {program['variant']}: a SIMT program with {', '.join(found)}"


def entries(text):
    """The names of a file's `__kernel` functions; None stands for one whose name cannot be read."""
    text = re.sub(r"//[^\n]*|/\*.*?\*/|\"(?:\\.|[^\"\\\n])*\"", " ", text, flags=re.DOTALL)
    # Not where a tape's program says what a kernel is.
    text = re.sub(r"^#define __kernel\b.*$", " ", text, flags=re.MULTILINE)
    for head in re.split(r"\b(?:__)?kernel\b", text)[1:]:
        match = re.match(r"[^;{}]*?\bvoid\s+(\w+)\s*\(", head)
        yield match[1] if match else None


def unseen(folder, programs):
    """What stands in the kernel files but in no program, a line each. Read from the files, so that nothing that lists
    the programs can forget a kernel here too."""
    seen = {(program["source"], program["entry"]) for program in programs}
    lines = []
    count = 0
    for directory, _, files in sorted(os.walk(folder)):
        for file in sorted(file for file in files if file.endswith(".cl")):
            path = os.path.join(directory, file)
            source = os.path.relpath(path, folder)
            with open(path) as stream:
                names = list(entries(stream.read()))
            for name in names:
                if name is None:
                    lines.append(f"{source}: a kernel's name cannot be read (a macro?)")
                elif name.endswith("_simt"):
                    count += 1
                    if (source, name) not in seen:
                        lines.append(f"{source} {name}: no case and no packing reaches this kernel")
                elif not name.endswith("_wide"):
                    lines.append(f"{source} {name}: a kernel's name ends in _simt or _wide")
    if not count:
        lines.append(f"no SIMT kernel stands in {folder}")
    return lines
