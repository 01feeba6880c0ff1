// Packed weights → float32, exactly: `convert` of a weight.
//
//   y[m, k] = W[m, k]
//
//   w  packed, Common/weights.cl
//   y  [M, K]  float, row-major
//
// Parameters rows inputs blocks y_offset
// Defines    WEIGHT                                                          Needs  nothing beyond OpenCL C 1.2
// Launch     global (K rounded up to 64, M), local (64, 1); an item owns one value
// Numbers    the bits of the format's reference
#include "Common/weights.cl"

TILE_FUNCTION unpack_rows_tile(__global const weight_unit *w, __global float *y, TILE_UNIFORMS, long tile, long row) {
  const long k = tile * 64 + get_local_id(0);
  if (k >= P_inputs) return;
  y[P_y_offset + row * P_inputs + k] = weight_element(w, row, k, P_blocks);
}

__kernel __attribute__((reqd_work_group_size(64, 1, 1))) void unpack_rows_simt(__global const weight_unit *restrict w,
                                                                               __global float *restrict y, UNIFORMS) {
  unpack_rows_tile(w, y, uniforms, block, get_group_id(0), get_group_id(1));
}
