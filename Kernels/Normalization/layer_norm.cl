// y[r, d] = weight[d] · (x[r, d] − μ[r]) / √(mean_d((x[r, d] − μ[r])²) + ε) + bias[d],  μ[r] = mean_d(x[r, d]).
//
//   x       [R, D]  float, rows `x_stride` apart, values contiguous
//   weight  [D]     float
//   bias    [D]     float, read only if HAS_BIAS
//   y       [R, D]  float, rows `y_stride` apart, values contiguous
//
// Parameters width x_offset x_stride weight_offset bias_offset y_offset y_stride
// Defines    LOCAL_SIZE (a power of two ≤ 256), EPSILON_BITS (float bits), HAS_BIAS (0 or 1)
// Needs      nothing beyond OpenCL C 1.2
// Launch     simt: global (LOCAL_SIZE, R), local (LOCAL_SIZE, 1); a group owns a row. Local 4·LOCAL_SIZE bytes
//            wide: global (R), local (1); an item owns a row
// Numbers    the sum and then the squares of differences in LANES interleaved chains (LOCAL_SIZE, or 16 wide), merged by
//            halves: a function of D alone. With m the greatest |x| of the row and s the root,
//            |error| ≤ (D/LANES + 12)·2⁻²⁴·(|y| + |bias| + 2·|weight|·m/s)
#if !defined(LOCAL_SIZE) || !defined(EPSILON_BITS) || !defined(HAS_BIAS)
#error "LOCAL_SIZE, EPSILON_BITS and HAS_BIAS must be defined"
#endif

#include "Common/lanes.cl"

#if !SHAPE_WIDE
// The sum of what the items of a group have, given to each of them.
static float group_sum(float value, LOCAL_POINTER float *sums) {
  const int item = get_local_id(0);
  sums[item] = value;
  barrier(CLK_LOCAL_MEM_FENCE);
  for (int step = LOCAL_SIZE / 2; step > 0; step /= 2) {
    if (item < step) sums[item] += sums[item + step];
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  const float sum = sums[0];
  barrier(CLK_LOCAL_MEM_FENCE);
  return sum;
}

TILE_FUNCTION layer_norm_tile(__global const float *x, __global const float *weight, __global const float *bias,
                              __global float *y, TILE_UNIFORMS, LOCAL_POINTER float *sums, long row) {
  const int item = get_local_id(0);
  const int width = (int)P_width;
  __global const float *input = x + P_x_offset + row * P_x_stride;
  __global float *output = y + P_y_offset + row * P_y_stride;
  float sum = 0.0f;
  for (int d = item; d < width; d += LOCAL_SIZE) sum += input[d];
  const float mean = group_sum(sum, sums) / (float)width;
  float squares = 0.0f;
  for (int d = item; d < width; d += LOCAL_SIZE) {
    const float difference = input[d] - mean;
    squares = fma(difference, difference, squares);
  }
  const float scale = 1.0f / sqrt(group_sum(squares, sums) / (float)width + as_float(EPSILON_BITS));
  for (int d = item; d < width; d += LOCAL_SIZE) {
    float value = weight[P_weight_offset + d] * ((input[d] - mean) * scale);
    if (HAS_BIAS) value += bias[P_bias_offset + d];
    output[d] = value;
  }
}

__kernel __attribute__((reqd_work_group_size(LOCAL_SIZE, 1, 1))) void layer_norm_simt(
    __global const float *restrict x, __global const float *restrict weight, __global const float *restrict bias,
    __global float *restrict y, UNIFORMS) {
  __local float sums[LOCAL_SIZE];
  layer_norm_tile(x, weight, bias, y, uniforms, block, sums, get_group_id(1));
}
#else
// Sixteen chains as one number, merged by halves.
static float lane_sum(float16 lanes) {
  const float8 eight = lanes.lo + lanes.hi;
  const float4 four = eight.lo + eight.hi;
  const float2 two = four.lo + four.hi;
  return two.x + two.y;
}

TILE_FUNCTION layer_norm_tile(__global const float *x, __global const float *weight, __global const float *bias,
                              __global float *y, TILE_UNIFORMS, long row) {
  const int width = (int)P_width;
  __global const float *input = x + P_x_offset + row * P_x_stride;
  __global const float *weights = weight + P_weight_offset;
  __global const float *biases = bias + P_bias_offset;
  __global float *output = y + P_y_offset + row * P_y_stride;
  const int16 lane = (int16)(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  float16 sum = (float16)(0.0f);
  for (int d = 0; d < width; d += 16) sum += load_lanes(input + d, width - d);
  const float mean = lane_sum(sum) / (float)width;
  float16 squares = (float16)(0.0f);
  for (int d = 0; d < width; d += 16) {
    const float16 difference = load_lanes(input + d, width - d) - mean;
    squares = fma(difference, lane < width - d ? difference : (float16)(0.0f), squares);
  }
  const float scale = 1.0f / sqrt(lane_sum(squares) / (float)width + as_float(EPSILON_BITS));
  for (int d = 0; d < width; d += 16) {
    float16 value = load_lanes(weights + d, width - d) * ((load_lanes(input + d, width - d) - mean) * scale);
    if (HAS_BIAS) value += load_lanes(biases + d, width - d);
    store_lanes(value, output + d, width - d);
  }
}

__kernel WIDE_KERNEL void layer_norm_wide(__global const float *restrict x, __global const float *restrict weight,
                                          __global const float *restrict bias, __global float *restrict y,
                                          UNIFORMS) {
  layer_norm_tile(x, weight, bias, y, uniforms, block, get_group_id(0));
}
#endif
