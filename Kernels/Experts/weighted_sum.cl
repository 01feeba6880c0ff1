// y[t, m] = Σ_j weights[t, j] · x[t, j, m], in the order of j.
//
//   x        [T, N, M]  float, `x_t` and `x_j` apart, values contiguous
//   weights  [T, N]     float, contiguous
//   y        [T, M]     float, rows `y_stride` apart, values contiguous
//
//   weighted_sum_simt  an item owns one output
//   weighted_sum_wide  an item owns VALUES_PER_ITEM neighbours
//
// Parameters parts: N  width: M  x_offset x_t x_j weights_offset y_offset y_stride
// Defines    VALUES_PER_ITEM (wide, a multiple of 16)                          Needs  nothing beyond OpenCL C 1.2
// Launch     simt: global (M rounded up to 64, T), local (64, 1); wide: global (⌈M / VALUES_PER_ITEM⌉, T), local (1, 1)
// Numbers    one fma chain in the order of j, started at 0: the same bits from both
#include "Common/lanes.cl"

#if SHAPE_WIDE
#ifndef VALUES_PER_ITEM
#error "VALUES_PER_ITEM is not defined"
#endif

TILE_FUNCTION weighted_sum_tile(__global const float *x, __global const float *weights, __global float *y,
                                TILE_UNIFORMS, long tile, long token) {
  x += P_x_offset + token * P_x_t;
  weights += P_weights_offset + token * P_parts;
  y += P_y_offset + token * P_y_stride;
  const long end = min((tile + 1) * VALUES_PER_ITEM, P_width);
  for (long m = tile * VALUES_PER_ITEM; m < end; m += 16) {
    const int count = (int)min(end - m, 16L);
    float16 sum = (float16)(0.0f);
    for (long j = 0; j < P_parts; ++j) sum = fma((float16)(weights[j]), load_lanes(x + j * P_x_j + m, count), sum);
    store_lanes(sum, y + m, count);
  }
}

__kernel WIDE_KERNEL void weighted_sum_wide(__global const float *restrict x, __global const float *restrict weights,
                                            __global float *restrict y, UNIFORMS) {
  weighted_sum_tile(x, weights, y, uniforms, block, get_group_id(0), get_group_id(1));
}
#else
TILE_FUNCTION weighted_sum_tile(__global const float *x, __global const float *weights, __global float *y,
                                TILE_UNIFORMS, long tile, long token) {
  const long m = tile * 64 + get_local_id(0);
  if (m >= P_width) return;
  x += P_x_offset + token * P_x_t + m;
  weights += P_weights_offset + token * P_parts;
  float sum = 0.0f;
  for (long j = 0; j < P_parts; ++j) sum = fma(weights[j], x[j * P_x_j], sum);
  y[P_y_offset + token * P_y_stride + m] = sum;
}

__kernel __attribute__((reqd_work_group_size(64, 1, 1))) void weighted_sum_simt(__global const float *restrict x,
                                                                                __global const float *restrict weights,
                                                                                __global float *restrict y, UNIFORMS) {
  weighted_sum_tile(x, weights, y, uniforms, block, get_group_id(0), get_group_id(1));
}
#endif
