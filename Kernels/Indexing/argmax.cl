// y[row] = the index of the greatest x[row, :]; the lowest index wins a tie. A row with a NaN has no greatest number:
// y[row] = −1 − the index of its first NaN, which is no index of the row.
//
//   x  [R, D]  float, rows `x_stride` apart, values contiguous, D ≥ 1
//   y  [R]     int
//
// Parameters width x_offset x_stride y_offset
// Defines    LOCAL_SIZE (a power of two ≤ 256)                                 Needs  nothing beyond OpenCL C 1.2
// Launch     global (LOCAL_SIZE, R), local (LOCAL_SIZE, 1); a group owns one row. Local 8·LOCAL_SIZE bytes
// Numbers    exact
#ifndef LOCAL_SIZE
#error "LOCAL_SIZE is not defined"
#endif

// Whether `value` at `index` wins over `best` at `best_index`.
static bool beats(float value, int index, float best, int best_index) {
  if (isnan(value) || isnan(best)) return isnan(value) && (!isnan(best) || index < best_index);
  return value > best || (value == best && index < best_index);
}

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
