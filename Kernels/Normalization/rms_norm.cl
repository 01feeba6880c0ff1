// y[r, d] = weight[d] · x[r, d] / √(mean_d(x[r, d]²) + ε).
//
//   x       [R, D]  float, rows `x_stride` apart, values contiguous
//   weight  [D]     float
//   y       [R, D]  float, rows `y_stride` apart, values contiguous
//
// Parameters width x_offset x_stride weight_offset y_offset y_stride
// Defines    LOCAL_SIZE (a power of two ≤ 256), EPSILON_BITS (float bits)       Needs  nothing beyond OpenCL C 1.2
// Launch     simt: global (LOCAL_SIZE, R), local (LOCAL_SIZE, 1); a group owns a row. Local 4·LOCAL_SIZE bytes
//            wide: global (R), local (1); an item owns a row
// Numbers    squares summed in LANES interleaved fma chains (LOCAL_SIZE, or 16 wide), merged by halves: a function of D
//            alone. |error| ≤ (D/LANES + 12)·2⁻²⁴·|y|
#if !defined(LOCAL_SIZE) || !defined(EPSILON_BITS)
#error "LOCAL_SIZE and EPSILON_BITS must be defined"
#endif

#if !SHAPE_WIDE
TILE_FUNCTION rms_norm_tile(__global const float *x, __global const float *weight, __global float *y, TILE_UNIFORMS,
                            LOCAL_POINTER float *sums, long row) {
  const int item = get_local_id(0);
  const int width = (int)P_width;
  __global const float *input = x + P_x_offset + row * P_x_stride;
  __global float *output = y + P_y_offset + row * P_y_stride;
  float sum = 0.0f;
  for (int d = item; d < width; d += LOCAL_SIZE) sum = fma(input[d], input[d], sum);
  sums[item] = sum;
  barrier(CLK_LOCAL_MEM_FENCE);
  for (int step = LOCAL_SIZE / 2; step > 0; step /= 2) {
    if (item < step) sums[item] += sums[item + step];
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  const float scale = 1.0f / sqrt(sums[0] / (float)width + as_float(EPSILON_BITS));
  for (int d = item; d < width; d += LOCAL_SIZE) output[d] = weight[P_weight_offset + d] * (input[d] * scale);
}

__kernel __attribute__((reqd_work_group_size(LOCAL_SIZE, 1, 1))) void rms_norm_simt(
    __global const float *restrict x, __global const float *restrict weight, __global float *restrict y, UNIFORMS) {
  __local float sums[LOCAL_SIZE];
  rms_norm_tile(x, weight, y, uniforms, block, sums, get_group_id(1));
}
#else
TILE_FUNCTION rms_norm_tile(__global const float *x, __global const float *weight, __global float *y, TILE_UNIFORMS,
                            long row) {
  const int width = (int)P_width;
  __global const float *input = x + P_x_offset + row * P_x_stride;
  __global const float *weights = weight + P_weight_offset;
  __global float *output = y + P_y_offset + row * P_y_stride;
  float16 sum = (float16)(0.0f);
  const int full = width / 16;
  for (int d = 0; d < full; ++d) {
    const float16 value = vload16(d, input);
    sum = fma(value, value, sum);
  }
  float lanes[16];
  vstore16(sum, 0, lanes);
  for (int d = full * 16; d < width; ++d) lanes[d % 16] = fma(input[d], input[d], lanes[d % 16]);
  for (int step = 8; step > 0; step /= 2)
    for (int lane = 0; lane < step; ++lane) lanes[lane] += lanes[lane + step];
  const float scale = 1.0f / sqrt(lanes[0] / (float)width + as_float(EPSILON_BITS));
  for (int d = 0; d < full; ++d) vstore16(vload16(d, weights) * (vload16(d, input) * scale), d, output);
  for (int d = full * 16; d < width; ++d) output[d] = weights[d] * (input[d] * scale);
}

__kernel WIDE_KERNEL void rms_norm_wide(__global const float *restrict x, __global const float *restrict weight,
                                        __global float *restrict y, UNIFORMS) {
  rms_norm_tile(x, weight, y, uniforms, block, get_group_id(0));
}
#endif
