// What every kernel shares. The host puts it first in each program.
//
// Arguments of every kernel: its buffers, then `uniforms` and `block`. Extents, offsets and strides are not arguments:
// they are read from the uniform buffer, at the names the host defines (`P_tokens` and so on), so that arguments are
// set once and a run only rewrites that buffer. Offsets and strides count elements.
#pragma OPENCL FP_CONTRACT OFF

// A tile function becomes part of its kernel: compilers that call it instead pass its operands through memory. Only the
// kernel's own arguments are restrict: oclgrind does not know what inlining leaves of a function's.
#define TILE_FUNCTION static __attribute__((always_inline)) void
#define TILE_UNIFORMS __global const long *uniforms, const int block

#define UNIFORMS __global const long *restrict uniforms, const int block
#define PARAMETER(index) uniforms[block + (index)]

// A program whose parts do not fit each other is not built: `what` says why, in the compiler's message.
#define REQUIRE(condition, what) typedef char required_##what[(condition) ? 1 : -1]

// A wide kernel is vectorized by hand: one item a work-group, and the type hint tells compilers that would also
// vectorize across items to leave it alone (Intel's takes minutes over these kernels otherwise).
#define WIDE_KERNEL __attribute__((reqd_work_group_size(1, 1, 1))) __attribute__((vec_type_hint(float16)))
