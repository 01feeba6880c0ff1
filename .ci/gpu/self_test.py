"""self_test.py: kernels with one fault each, which the check must find, and kernels without one, which it must pass."""

import os
import sys
import tempfile

from check import compile_all, complaints, long_vectors, unseen
from targets import NVIDIA, targets

# Source, and what must be said of it on every target; nothing for a kernel that is right.
PLANTED = {
    "right": ("""
        __kernel __attribute__((reqd_work_group_size(64, 1, 1))) void right(__global float *y) {
          __local float tile[64];
          tile[get_local_id(0)] = y[get_local_id(0)];
          barrier(CLK_LOCAL_MEM_FENCE);
          y[get_local_id(0)] = exp(tile[63 - get_local_id(0)]) + native_exp(y[64]) + native_log(y[65]) +
                               native_powr(y[66], native_sin(y[67])) + erf(y[68]) + tanh(y[69]);
        }""", []),
    "private_array": ("""
        __kernel __attribute__((reqd_work_group_size(64, 1, 1))) void private_array(__global float *y, int n) {
          float values[1000];
          for (int i = 0; i < 1000; ++i) values[i] = y[i * n];
          for (int i = 0; i < n; ++i) y[i] = values[(int)y[i]];
        }""", ["bytes of scratch"]),
    "too_many_registers": ("""
        __kernel __attribute__((reqd_work_group_size(256, 1, 1))) void too_many_registers(
            __global volatile float *y) {
          float values[600];
          float sum = 0.0f;
        #pragma unroll
          for (int i = 0; i < 600; ++i) sum += values[i] = y[i * 256 + get_local_id(0)];
        #pragma unroll
          for (int i = 0; i < 600; ++i) y[i * 256 + get_local_id(0)] = values[i] * sum;
        }""", ["spills"]),
    "too_much_local": ("""
        __kernel __attribute__((reqd_work_group_size(64, 1, 1))) void too_much_local(__global float *y) {
          __local float tile[10240];
          for (int i = get_local_id(0); i < 10240; i += 64) tile[i] = y[i];
          barrier(CLK_LOCAL_MEM_FENCE);
          for (int i = get_local_id(0); i < 10240; i += 64) y[i] = tile[10239 - i];
        }""", ["takes 40960 bytes of local memory"]),
    "local_argument": ("""
        __kernel __attribute__((reqd_work_group_size(64, 1, 1))) void local_argument(
            __global float *y, __local float *tile) {
          tile[get_local_id(0)] = y[get_local_id(0)];
          barrier(CLK_LOCAL_MEM_FENCE);
          y[get_local_id(0)] = tile[63 - get_local_id(0)];
        }""", ["local memory as an argument"]),
    "undefined_function": ("""
        float elsewhere(float x);
        __kernel void undefined_function(__global float *y) { y[get_group_id(0)] = elsewhere(y[get_group_id(0)]); }
        """, ["elsewhere"]),
    "no_opencl_c": ("__kernel void no_opencl_c(__global float *y) { y[0] = nothing; }", ["does not compile"]),
}

# Kernel files, the programs known of them, and what must be said.
COVERAGE = [
    ("__kernel WIDE void a_wide() {}\n__kernel __attribute__((x(64, 1))) void\na_simt(int n) {}", ["a_simt"], []),
    ("// __kernel void old_simt()\n__kernel void a_simt() {}\n__kernel void lonely_simt() {}", ["a_simt"],
     ["lonely_simt: no case"]),
    ("kernel void a_simt() {}", [], ["a_simt: no case"]),
    ("__kernel void a_simt() {}\n__kernel void plain() {}", ["a_simt"], ["plain: a kernel's name ends in"]),
    ("#define ENTRY(n) __kernel void n##_simt() {}\n__kernel void a_simt() {}", ["a_simt"], ["cannot be read"]),
    ("__kernel void a_wide() {}", [], ["no SIMT kernel stands in"]),
]

# Programs and the long vectors that are left of them.
VECTORS = [
    ("// float16\n#define A(x) (float16)(x)\n#if SHAPE_WIDE\nfloat16 f(float16 x) { return x; }\n#endif\nfloat4 g();", ""),
    ("#define T float16\nT f(T x) { return x; }", "float16"),
    ("void f(__global float *y) { y[0] = vload8(0, y).s3 + as_int16(y[1]).s0; float160 = 1; }", "as_int16, vload8"),
]


def check_vectors(folder):
    for number, (text, wanted) in enumerate(VECTORS):
        path = os.path.join(folder, f"vectors{number}.cl")
        with open(path, "w") as file:
            file.write(text)
        program = {"path": path, "source": "a.cl", "variant": "a_simt", "options": ["-cl-std=CL1.2", "-DSHAPE_WIDE=0"]}
        said = list(long_vectors([program], jobs=1))
        yield (f"vectors {number}", said, wanted,
               said == ([f"a.cl a_simt: a SIMT program with {wanted}"] if wanted else []))


def check_compilation(folder):
    programs = []
    for entry, (source, _) in PLANTED.items():
        path = os.path.join(folder, entry + ".cl")
        with open(path, "w") as file:
            file.write(source)
        programs.append({"path": path, "entry": entry, "options": ["-cl-std=CL1.2"], "work_group": [64, 1]})
    devices = targets()
    for program, usages in zip(programs, compile_all(programs, devices, jobs=2)):
        for device, usage in zip(devices, usages):
            said = complaints(usage)
            wanted = PLANTED[program["entry"]][1]
            yield (f"{program['entry']} on {device.name}", said, wanted,
                   all(any(part in line for line in said) for part in wanted) if wanted else not said)


def check_coverage(folder):
    for number, (text, known, wanted) in enumerate(COVERAGE):
        kernels = os.path.join(folder, f"kernels{number}")
        os.makedirs(kernels)
        with open(os.path.join(kernels, "a.cl"), "w") as file:
            file.write(text)
        said = unseen(kernels, [{"source": "a.cl", "entry": entry} for entry in known])
        yield (f"coverage {number}", said, wanted,
               len(said) == len(wanted) and all(part in line for part, line in zip(wanted, said)))


def check_occupancy():
    """By hand from the published limits: a group of 8 warps with 40 registers an item takes 8 · 1280 of 65 536
    registers (6 groups); 24 KiB of shared memory and the reserved 1 KiB go 6 times into 164 KiB, 9 times into 228."""
    for name, shared_bytes, arguments, wanted in [
        ("sm_80", 164 << 10, (40, 0, 256), 48), ("sm_80", 164 << 10, (32, 0, 256), 64),
        ("sm_80", 164 << 10, (32, 0, 32), 32), ("sm_80", 164 << 10, (16, 24 << 10, 64), 12),
        ("sm_90", 228 << 10, (16, 24 << 10, 64), 18), ("sm_90", 228 << 10, (255, 0, 256), 8),
    ]:
        got = NVIDIA(name, "", shared_bytes).occupancy(*arguments)
        yield f"occupancy {name}{arguments}", got, wanted, got == wanted


def main():
    failures = count = 0
    with tempfile.TemporaryDirectory() as folder:
        checks = [*check_coverage(folder), *check_occupancy(), *check_vectors(folder), *check_compilation(folder)]
    for name, said, wanted, is_right in checks:
        count += 1
        if not is_right:
            failures += 1
            print(f"gpu-check: self-test {name}: expected {wanted}, got {said}", file=sys.stderr)
    print(f"gpu-check: self-test: {count} checks, {failures} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
