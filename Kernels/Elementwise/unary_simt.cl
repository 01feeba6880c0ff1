// y = f(x), element by element, with strides.
//
//   x, y  float, each with an offset and RANK strides
//   f     Common/unary_functions.cl
//
// Parameters count extent_0… x_offset x_stride_0… y_offset y_stride_0…
// Defines    RANK and one FUNCTION_…                                           Needs  nothing beyond OpenCL C 1.2
// Launch     global (count rounded up to 64), local (64); an item owns one element
// Numbers    Common/unary_functions.cl
#include "Common/strided.cl"
#include "Common/unary_functions.cl"

TILE_FUNCTION unary_tile(__global const float *x, __global float *y, TILE_UNIFORMS, long tile) {
  const long index = tile * 64 + get_local_id(0);
  if (index >= P_count) return;
  const float value = x[P_x_offset + strided_offset(uniforms, block, index, P_INDEX_x_stride_0)];
  y[P_y_offset + strided_offset(uniforms, block, index, P_INDEX_y_stride_0)] = APPLY(scalar, value);
}

__kernel __attribute__((reqd_work_group_size(64, 1, 1))) void unary_simt(__global const float *restrict x,
                                                                         __global float *restrict y, UNIFORMS) {
  unary_tile(x, y, uniforms, block, get_group_id(0));
}
