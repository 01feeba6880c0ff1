"""Compiles OpenCL C for GPUs nobody here has, and reads what the compilers say of registers, memory and occupancy.

AMD: clang writes a listing whose comments and metadata state everything. NVIDIA: clang writes PTX, and NVIDIA's own
assembler states registers, spills and shared bytes; occupancy follows from the published limits of a multiprocessor.
libclc stands in for the vendors' built-in functions, so a driver's figures may differ where a kernel calls `exp` and
the like.
"""

import os
import re
import subprocess
from dataclasses import dataclass

CLANG = "clang-19"
LIBCLC = "/usr/lib/clc"

# libclc writes these as LLVM intrinsics, for which LLVM 19 has no NVPTX instruction. The two approximations are what
# NVIDIA's driver makes of them.
NVIDIA_NATIVES = """
static float heddle_exp2(float x) { return __nvvm_ex2_approx_f(x); }
static float heddle_log2(float x) { return __nvvm_lg2_approx_f(x); }
#define native_exp2(x) heddle_exp2(x)
#define native_exp(x) heddle_exp2((x) * 1.44269504f)
#define native_exp10(x) heddle_exp2((x) * 3.32192809f)
#define native_log2(x) heddle_log2(x)
#define native_log(x) (heddle_log2(x) * 0.69314718f)
#define native_log10(x) (heddle_log2(x) * 0.30103000f)
#define native_powr(x, y) heddle_exp2((y) * heddle_log2(x))
#define native_sin(x) __nvvm_sin_approx_f(x)
#define native_cos(x) __nvvm_cos_approx_f(x)
"""


class CompileError(Exception):
    pass


@dataclass
class Usage:
    """What one entry point needs on one target. Registers are for one work-item; SGPRs for one wave."""

    registers: int
    scalar_registers: int | None
    spills: int
    scratch_bytes: int
    local_bytes: int
    waves: int
    maximum_waves: int
    takes_local_argument: bool


def run(command):
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode != 0:
        lines = [line for line in result.stderr.splitlines() if "error" in line or "fatal" in line]
        raise CompileError("\n".join(lines[:4]) or result.stderr[-400:] or f"exit code {result.returncode}")
    return result.stdout + result.stderr


def clang(arguments, library, options, source, output):
    run([CLANG, "-x", "cl", *options, "-O3", "-nogpulib", "-Wno-linker-warnings", "-Xclang", "-mlink-builtin-bitcode",
         "-Xclang", f"{LIBCLC}/{library}", *arguments, "-S", source, "-o", output])
    with open(output) as file:
        return file.read()


def preprocessed(source, options):
    """The program as a compiler sees it: no comment, no macro, nothing behind a condition that does not hold."""
    return run([CLANG, "-x", "cl", "-cl-no-stdinc", *options, "-E", "-P", source])


def only(pattern, text, what):
    match = re.search(pattern, text, re.MULTILINE)
    if not match:
        raise CompileError(f"the compiler's output does not state {what}")
    return match[1]


@dataclass(frozen=True)
class AMD:
    name: str
    maximum_waves: int  # a SIMD

    unit = "waves a SIMD"

    def measure(self, source, entry, options, work_group, scratch_file):
        listing = clang(["-target", "amdgcn-amd-amdhsa", f"-mcpu={self.name}"], "amdgcn--amdhsa.bc", options, source,
                        scratch_file + ".s")
        called = set(re.findall(r"([\w.$]+)@(?:rel32|gotpcrel32|abs32)", listing))
        unknown = [name for name in sorted(called) if not re.search(rf"^{re.escape(name)}:", listing, re.MULTILINE)]
        if unknown:
            raise CompileError(f"undefined: {', '.join(unknown)}")
        functions = re.split(r"; -- Begin function ", listing)[1:]
        body = next((text for text in functions if text.split(None, 1)[0] == entry), None)
        metadata = listing[listing.find("amdhsa.kernels:"):]
        kernels = re.split(r"^  - ", metadata, flags=re.MULTILINE)[1:]
        notes = next((text for text in kernels if re.search(rf"^ *\.name: +{entry}$", text, re.MULTILINE)), None)
        if body is None or notes is None:
            raise CompileError(f"the listing has no kernel {entry}")

        def number(name):
            return int(only(rf"^ *\.{name}: +(\d+)$", notes, name))

        scratch = max(int(only(r"^; ScratchSize: (\d+)", body, "ScratchSize")), number("private_segment_fixed_size"))
        if "uses_dynamic_stack: true" in notes:
            raise CompileError("it has a stack of unknown size: recursion or a call through a pointer")
        return Usage(
            registers=number("vgpr_count"), scalar_registers=number("sgpr_count"),
            spills=number("vgpr_spill_count") + number("sgpr_spill_count"), scratch_bytes=scratch,
            local_bytes=number("group_segment_fixed_size"),
            waves=int(only(r"^; Occupancy: (\d+)", body, "Occupancy")), maximum_waves=self.maximum_waves,
            takes_local_argument="dynamic_shared_pointer" in notes)


@dataclass(frozen=True)
class NVIDIA:
    """Limits of a multiprocessor: CUDA C++ Programming Guide, "Technical Specifications per Compute Capability"."""

    name: str
    ptxas: str
    shared_bytes: int

    registers = 65536
    maximum_waves = 64
    maximum_groups = 32
    partitions = 4
    register_unit = 256  # allocated to a warp at a time
    shared_unit = 128
    reserved_shared = 1024  # a work-group

    unit = "warps an SM"

    def measure(self, source, entry, options, work_group, scratch_file):
        natives = scratch_file + ".natives.h"
        with open(natives, "w") as file:
            file.write(NVIDIA_NATIVES)
        text = clang(["-target", "nvptx64-nvidia-nvcl", "-Xclang", "-target-cpu", "-Xclang", self.name,
                      "-include", natives], "nvptx64--nvidiacl.bc", options, source, scratch_file + ".ptx")
        output = run([self.ptxas, "-v", f"-arch={self.name}", scratch_file + ".ptx", "-o", scratch_file + ".cubin"])
        pieces = re.split(r"Compiling entry function ", output)[1:]
        said = next((piece for piece in pieces if piece.startswith(f"'{entry}'")), None)
        if said is None:
            raise CompileError(f"ptxas names no entry {entry}")
        header = text[text.find(f".entry {entry}("):]
        registers = int(only(r"Used (\d+) registers", said, "registers"))
        shared = re.search(r"(\d+) bytes smem", said)
        shared = int(shared[1]) if shared else 0
        spills = (int(only(r"(\d+) bytes spill stores", said, "spills"))
                  + int(only(r"(\d+) bytes spill loads", said, "spills")))
        return Usage(
            registers=registers, scalar_registers=None, spills=spills,
            scratch_bytes=int(only(r"(\d+) bytes stack frame", said, "the stack")), local_bytes=shared,
            waves=self.occupancy(registers, shared, work_group), maximum_waves=self.maximum_waves,
            takes_local_argument=".ptr .shared" in header[:header.find(")")])

    def occupancy(self, registers, shared, work_group):
        """Resident warps of a multiprocessor if it runs nothing but this kernel."""

        def rounded(value, unit):
            return -(-value // unit) * unit

        warps = -(-work_group // 32)
        by_registers = (self.registers // self.partitions // rounded(registers * 32, self.register_unit)
                        * self.partitions // warps)
        by_shared = self.shared_bytes // rounded(shared + self.reserved_shared, self.shared_unit)
        return min(self.maximum_groups, self.maximum_waves // warps, by_registers, by_shared) * warps


def targets():
    ptxas = os.environ["PTXAS"]
    return [AMD("gfx90a", 8), AMD("gfx1100", 16), NVIDIA("sm_80", ptxas, 164 << 10), NVIDIA("sm_90", ptxas, 228 << 10)]
