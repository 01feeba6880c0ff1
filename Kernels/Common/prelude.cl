// What every kernel shares. The host puts it first in each program.
//
// Arguments of every kernel: its buffers, then `uniforms` and `block`. Extents, offsets and strides are not arguments:
// they are read from the uniform buffer, at the names the host defines (`P_tokens` and so on), so that arguments are
// set once and a run only rewrites that buffer. Offsets and strides count elements.
//
// SHAPE_WIDE, which the host defines, is 1 in programs of wide kernels and 0 in those of SIMT kernels. What has a
// vector of 16 values stands behind it: compilers of SIMT programs may have none.
//
// TAPED, which the host defines, is 1 in a kernel's part of a tape's program: Tape/place.cl.
#if !defined(SHAPE_WIDE) || !defined(TAPED)
#error "SHAPE_WIDE and TAPED must be defined"
#endif
#pragma OPENCL FP_CONTRACT OFF

// A tile function computes what one work-group owns. Its arguments are its kernel's, then the local memory that the
// kernel declares for it, then which tile it is: it never asks for its group. So a kernel is a thin entry, and one that
// walks many tiles can call the same function.
//
// A tile function becomes part of its kernel: compilers that call it instead pass its operands through memory. Only the
// kernel's own arguments are restrict: oclgrind does not know what inlining leaves of a function's.
#define TILE_FUNCTION static __attribute__((always_inline)) void
#if !TAPED
#define TILE_UNIFORMS __global const long *uniforms, const int block
#endif

// A pointer to local memory; `__local` alone declares an array there. OpenCL C has one word for both, other dialects
// have a word for the array only.
#define LOCAL_POINTER __local

#if TAPED
#include "Tape/place.cl"
#else
#define UNIFORMS __global const long *restrict uniforms, const int block
#define PARAMETER(index) uniforms[block + (index)]
#endif

// A program whose parts do not fit each other is not built: `what` says why, in the compiler's message.
#define REQUIRE(condition, what) typedef char required_##what[(condition) ? 1 : -1]

// A wide kernel is vectorized by hand: one item a work-group, and the type hint tells compilers that would also
// vectorize across items to leave it alone (Intel's takes minutes over these kernels otherwise).
#if !TAPED
#define WIDE_KERNEL __attribute__((reqd_work_group_size(1, 1, 1))) __attribute__((vec_type_hint(float16)))
#endif
