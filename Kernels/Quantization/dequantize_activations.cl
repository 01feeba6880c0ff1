// The values of activations that quantize_activations.cl made levels of, one block an item.
//
//   y = d · q
//
//   x  [T, K / 32] blocks of ten ints, contiguous                         T tokens, K inputs; K % 32 == 0
//   y  [T, K] float, contiguous
//
// Parameters blocks (in all) x_offset y_offset
// Defines    LOCAL_SIZE                                                  Needs  nothing beyond OpenCL C 1.2
// Launch     global (T·K / 32 rounded up to LOCAL_SIZE), local (LOCAL_SIZE)
// Numbers    rounded once
#ifndef LOCAL_SIZE
#error "LOCAL_SIZE must be defined"
#endif

TILE_FUNCTION dequantize_activations_block(__global const int *x, __global float *y, TILE_UNIFORMS, long index) {
  if (index >= P_blocks) return;
  __global const int *from = x + P_x_offset + index * 10;
  __global const char *levels = (__global const char *)(from + 2);
  const float scale = as_float(from[0]);
  for (int i = 0; i < 32; ++i) y[P_y_offset + index * 32 + i] = scale * (float)levels[i];
}

__kernel __attribute__((reqd_work_group_size(LOCAL_SIZE, 1, 1))) void dequantize_activations_simt(
    __global const int *restrict x, __global float *restrict y, UNIFORMS) {
  dequantize_activations_block(x, y, uniforms, block, get_group_id(0) * LOCAL_SIZE + get_local_id(0));
}
