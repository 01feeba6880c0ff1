// sums[b] = Σ |x| over the block b of SIDE × SIDE values
//
//   x     [M, K]  bits of floats, rows `x_stride` apart; K = spans · SIDE
//   sums  [⌈M/SIDE⌉ · spans]  float, block by block along K; rows past M do not count, nor does NaN
//
// Parameters rows spans blocks x_offset x_stride sums_offset
// Defines    SIDE                                                              Needs  nothing beyond OpenCL C 1.2
// Launch     global (blocks rounded up to 64), local (64); an item owns one block
// Numbers    float sums, row after row and in a row along K
#include "Sparsity/arithmetic.cl"

#ifndef SIDE
#error "SIDE is not defined"
#endif

TILE_FUNCTION block_magnitudes_tile(__global const uint *x, __global float *sums, TILE_UNIFORMS, long tile) {
  const long block_index = tile * 64 + get_local_id(0);
  if (block_index >= P_blocks) return;
  const long row = block_index / P_spans * SIDE;
  const int members = (int)min((long)SIDE, P_rows - row);
  __global const uint *values = x + P_x_offset + row * P_x_stride + block_index % P_spans * SIDE;
  float sum = 0;
  for (int r = 0; r < members; ++r) {
    for (int k = 0; k < SIDE; ++k) sum += as_float(magnitude(values[k]));
    values += P_x_stride;
  }
  sums[P_sums_offset + block_index] = sum;
}

__kernel __attribute__((reqd_work_group_size(64, 1, 1))) void block_magnitudes_simt(__global const uint *restrict x,
                                                                                    __global float *restrict sums,
                                                                                    UNIFORMS) {
  block_magnitudes_tile(x, sums, uniforms, block, get_group_id(0));
}
