// y[row] = the index of the greatest x[row, :]; the lowest index wins a tie. A row with a NaN has no greatest number:
// y[row] = −1 − the index of its first NaN, which is no index of the row.
//
//   x  [R, D]  float, rows `x_stride` apart, values contiguous, D ≥ 1
//   y  [R]     int
//
// Parameters width x_offset x_stride y_offset
// Defines    LOCAL_SIZE (a power of two ≤ 256)                                 Needs  nothing beyond OpenCL C 1.2
// Launch     simt: global (LOCAL_SIZE, R), local (LOCAL_SIZE, 1); a group owns a row. Local 8·LOCAL_SIZE bytes
//            wide: global (R), local (1); an item owns a row
// Numbers    exact
#ifndef LOCAL_SIZE
#error "LOCAL_SIZE is not defined"
#endif

// Whether `value` at `index` wins over `best` at `best_index`.
static bool beats(float value, int index, float best, int best_index) {
  if (isnan(value) || isnan(best)) return isnan(value) && (!isnan(best) || index < best_index);
  return value > best || (value == best && index < best_index);
}

#if !SHAPE_WIDE
TILE_FUNCTION argmax_tile(__global const float *x, __global int *y, TILE_UNIFORMS, LOCAL_POINTER float *values,
                          LOCAL_POINTER int *indices, long row) {
  const int item = get_local_id(0);
  const int width = (int)P_width;
  __global const float *input = x + P_x_offset + row * P_x_stride;
  int best_index = min(item, width - 1);
  float best = input[best_index];
  for (long d = item + LOCAL_SIZE; d < width; d += LOCAL_SIZE) {
    if (beats(input[d], (int)d, best, best_index)) {
      best = input[d];
      best_index = (int)d;
    }
  }
  values[item] = best;
  indices[item] = best_index;
  barrier(CLK_LOCAL_MEM_FENCE);
  for (int step = LOCAL_SIZE / 2; step > 0; step /= 2) {
    if (item < step && beats(values[item + step], indices[item + step], values[item], indices[item])) {
      values[item] = values[item + step];
      indices[item] = indices[item + step];
    }
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  if (item == 0) y[P_y_offset + row] = isnan(values[0]) ? -1 - indices[0] : indices[0];
}

__kernel __attribute__((reqd_work_group_size(LOCAL_SIZE, 1, 1))) void argmax_simt(__global const float *restrict x,
                                                                                  __global int *restrict y, UNIFORMS) {
  __local float values[LOCAL_SIZE];
  __local int indices[LOCAL_SIZE];
  argmax_tile(x, y, uniforms, block, values, indices, get_group_id(1));
}
#else
// Of each lane the greatest value and the first index of it; then of the lanes. A NaN is greater than nothing, and looked for
// only where there is one.
TILE_FUNCTION argmax_tile(__global const float *x, __global int *y, TILE_UNIFORMS, long row) {
  const int width = (int)P_width;
  __global const float *input = x + P_x_offset + row * P_x_stride;
  const int full = width / 16;
  float16 best = (float16)(-INFINITY);
  int16 best_index = (int16)(0);
  int16 no_number = (int16)(0);
  int16 index = (int16)(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  for (int d = 0; d < full; ++d, index += 16) {
    const float16 value = vload16(d, input);
    const int16 wins = d == 0 ? (int16)(-1) : value > best;
    no_number |= isnan(value);
    best = select(best, value, wins);
    best_index = select(best_index, index, wins);
  }
  float values[16];
  int indices[16];
  vstore16(best, 0, values);
  vstore16(best_index, 0, indices);
  bool is_number = !any(no_number);
  float greatest = full > 0 ? values[0] : input[0];
  int greatest_index = full > 0 ? indices[0] : 0;
  for (int lane = 1; lane < 16 && full > 0; ++lane)
    if (beats(values[lane], indices[lane], greatest, greatest_index)) {
      greatest = values[lane];
      greatest_index = indices[lane];
    }
  for (int d = full * 16; d < width; ++d) {
    is_number = is_number && !isnan(input[d]);
    if (input[d] > greatest) {
      greatest = input[d];
      greatest_index = d;
    }
  }
  int first = 0;
  if (!is_number)
    while (first < width - 1 && !isnan(input[first])) ++first;
  y[P_y_offset + row] = is_number ? greatest_index : -1 - first;
}

__kernel WIDE_KERNEL void argmax_wide(__global const float *restrict x, __global int *restrict y, UNIFORMS) {
  argmax_tile(x, y, uniforms, block, get_group_id(0));
}
#endif
