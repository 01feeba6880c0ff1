// y = x, element by element between any two strided layouts: concatenation, materialized views, cache rows.
//
//   x, y  ELEMENT (uint, ushort for two-byte values, uchar for sparse ones), each with an offset and RANK strides
//
// Parameters count extent_0… x_offset x_stride_0… y_offset y_stride_0…
// Defines    RANK ELEMENT                                                      Needs  nothing beyond OpenCL C 1.2
// Launch     global (count rounded up to 64), local (64); an item owns one element
// Numbers    moves bits
#include "Common/strided.cl"

#ifndef ELEMENT
#error "ELEMENT is not defined"
#endif

TILE_FUNCTION copy_tile(__global const ELEMENT *x, __global ELEMENT *y, TILE_UNIFORMS, long tile) {
  const long index = tile * 64 + get_local_id(0);
  if (index >= P_count) return;
  const long source = strided_offset(uniforms, block, index, P_INDEX_x_stride_0);
  const long destination = strided_offset(uniforms, block, index, P_INDEX_y_stride_0);
  y[P_y_offset + destination] = x[P_x_offset + source];
}

__kernel __attribute__((reqd_work_group_size(64, 1, 1))) void copy_simt(__global const ELEMENT *restrict x,
                                                                        __global ELEMENT *restrict y, UNIFORMS) {
  copy_tile(x, y, uniforms, block, get_group_id(0));
}
