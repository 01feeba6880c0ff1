// y = f(a, b), element by element, with strides (0 where an operand broadcasts).
//
//   a, b, y  float, each with an offset and RANK strides
//   f        a + b,  a · b,  or  silu(a) · b: Common/binary_functions.cl
//
// Parameters count extent_0… a_offset a_stride_0… b_offset b_stride_0… y_offset y_stride_0…
// Defines    RANK and one FUNCTION_…                                           Needs  nothing beyond OpenCL C 1.2
// Launch     global (count rounded up to 64), local (64); an item owns one element
// Numbers    sum and product are rounded once; gated SiLU as Common/activation_functions.cl says, and a rounding
#include "Common/binary_functions.cl"
#include "Common/strided.cl"

TILE_FUNCTION binary_tile(__global const float *a, __global const float *b, __global float *y, TILE_UNIFORMS,
                          long tile) {
  const long index = tile * 64 + get_local_id(0);
  if (index >= P_count) return;
  const float left = a[P_a_offset + strided_offset(uniforms, block, index, P_INDEX_a_stride_0)];
  const float right = b[P_b_offset + strided_offset(uniforms, block, index, P_INDEX_b_stride_0)];
  y[P_y_offset + strided_offset(uniforms, block, index, P_INDEX_y_stride_0)] = APPLY(scalar, left, right);
}

__kernel __attribute__((reqd_work_group_size(64, 1, 1))) void binary_simt(__global const float *restrict a,
                                                                          __global const float *restrict b,
                                                                          __global float *restrict y, UNIFORMS) {
  binary_tile(a, b, y, uniforms, block, get_group_id(0));
}
