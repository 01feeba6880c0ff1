// The greatest values of each row, in order, and their indices; of equals the lowest index first.
//
//   values[row, i] = x[row, indices[row, i]], the i-th greatest; −∞ and −1 where no number above −∞ is left
//
//   x        [R, D]  float, rows `x_stride` apart, values contiguous
//   values   [R, K]  float, contiguous
//   indices  [R, K]  int, contiguous
//
// Parameters width count: K  x_offset x_stride values_offset indices_offset
// Defines    LOCAL_SIZE (a power of two ≤ 256)                                 Needs  nothing beyond OpenCL C 1.2
// Launch     global (LOCAL_SIZE, R), local (LOCAL_SIZE, 1); a group owns one row, and passes over it once for each of K. Local
//            8·LOCAL_SIZE bytes
// Numbers    exact; −0 is 0, NaN and −∞ are never chosen
#ifndef LOCAL_SIZE
#error "LOCAL_SIZE is not defined"
#endif

// A number as a place in an order: greater is earlier, and of equals the lower index. 0 of what is never chosen.
static ulong place_of(float value, int index) {
  if (isnan(value) || value == -INFINITY) return 0;
  const uint bits = value == 0.0f ? 0 : as_uint(value);
  const uint rising = bits & 0x80000000u ? ~bits : bits | 0x80000000u;
  return (ulong)rising << 32 | (uint)~index;
}

TILE_FUNCTION top_k_tile(__global const float *x, __global float *values, __global int *indices, TILE_UNIFORMS,
                         LOCAL_POINTER ulong *places, long row) {
  const int item = get_local_id(0);
  const int width = (int)P_width;
  __global const float *input = x + P_x_offset + row * P_x_stride;
  ulong last = ~(ulong)0;
  for (long i = 0; i < P_count; ++i) {
    ulong best = 0;
    for (long d = item; d < width && last != 0; d += LOCAL_SIZE) {
      const ulong place = place_of(input[d], (int)d);
      if (place < last && place > best) best = place;
    }
    places[item] = best;
    barrier(CLK_LOCAL_MEM_FENCE);
    for (int step = LOCAL_SIZE / 2; step > 0; step /= 2) {
      if (item < step) places[item] = max(places[item], places[item + step]);
      barrier(CLK_LOCAL_MEM_FENCE);
    }
    last = places[0];
    barrier(CLK_LOCAL_MEM_FENCE);
    if (item == 0) {
      const int index = last == 0 ? -1 : (int)~(uint)last;
      values[P_values_offset + row * P_count + i] = last == 0 ? -INFINITY : input[index];
      indices[P_indices_offset + row * P_count + i] = index;
    }
  }
}

__kernel __attribute__((reqd_work_group_size(LOCAL_SIZE, 1, 1))) void top_k_simt(__global const float *restrict x,
                                                                                 __global float *restrict values,
                                                                                 __global int *restrict indices,
                                                                                 UNIFORMS) {
  __local ulong places[LOCAL_SIZE];
  top_k_tile(x, values, indices, uniforms, block, places, get_group_id(1));
}
