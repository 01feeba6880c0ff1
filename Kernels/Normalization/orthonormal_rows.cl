// y[r, :] = v / ∥v∥, v = x[r, :] less its parts along y[j, :] of all j < r: rows of length 1 at right angles.
//
//   x        [R, C]  float, rows `x_stride` apart, values contiguous
//   y        [R, C]  float, rows `y_stride` apart, values contiguous
//
// Parts are subtracted one after the other, and all of them once more: the second time takes what rounding left of the first.
// A row whose v is at most 2⁻¹⁸ of its length becomes zeros.
//
// Parameters rows columns x_offset x_stride y_offset y_stride
// Defines    LOCAL_SIZE (simt: a power of two ≤ 256; wide: 1)                   Needs  nothing beyond OpenCL C 1.2
// Launch     global (LOCAL_SIZE), local (LOCAL_SIZE); one group owns all. Local 4·LOCAL_SIZE bytes
// Numbers    products summed in LANES interleaved chains (LOCAL_SIZE, or 16 wide), merged by halves
#ifndef LOCAL_SIZE
#error "LOCAL_SIZE is not defined"
#endif

#include "Common/lanes.cl"

#if SHAPE_WIDE
static float dot_of(__global const float *a, __global const float *b, long count) {
  float16 lanes = (float16)(0.0f);
  for (long c = 0; c < count; c += 16) {
    const int left = (int)min(count - c, 16L);
    lanes = fma(load_lanes(a + c, left), load_lanes(b + c, left), lanes);
  }
  const float8 eight = lanes.lo + lanes.hi;
  const float4 four = eight.lo + eight.hi;
  const float2 two = four.lo + four.hi;
  return two.x + two.y;
}

// y = factor · a + y, or factor · a
static void combine(__global const float *a, float factor, bool adds, __global float *y, long count) {
  for (long c = 0; c < count; c += 16) {
    const int left = (int)min(count - c, 16L);
    const float16 values = load_lanes(a + c, left);
    store_lanes(adds ? fma((float16)(factor), values, load_lanes(y + c, left)) : factor * values, y + c, left);
  }
}
#define DOT(a, b, count) dot_of(a, b, count)
#define COMBINE(a, factor, adds, y, count) combine(a, factor, adds, y, count)
#else
// What a group does together: part of the kernel, as a tile function is.
#define GROUP_FUNCTION static __attribute__((always_inline))

GROUP_FUNCTION float dot_of(__global const float *a, __global const float *b, long count,
                            LOCAL_POINTER float *partial) {
  const int item = get_local_id(0);
  float sum = 0.0f;
  for (long c = item; c < count; c += LOCAL_SIZE) sum = fma(a[c], b[c], sum);
  partial[item] = sum;
  barrier(CLK_LOCAL_MEM_FENCE);
  for (int step = LOCAL_SIZE / 2; step > 0; step /= 2) {
    if (item < step) partial[item] += partial[item + step];
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  sum = partial[0];
  barrier(CLK_LOCAL_MEM_FENCE);
  return sum;
}

// y = factor · a + y, or factor · a: an item writes what it alone reads.
static void combine(__global const float *a, float factor, bool adds, __global float *y, long count) {
  for (long c = get_local_id(0); c < count; c += LOCAL_SIZE)
    y[c] = adds ? fma(factor, a[c], y[c]) : factor * a[c];
}
#define DOT(a, b, count) dot_of(a, b, count, partial)
#define COMBINE(a, factor, adds, y, count) combine(a, factor, adds, y, count)
#endif

TILE_FUNCTION orthonormal_rows_tile(__global const float *x, __global float *y, TILE_UNIFORMS,
                                    LOCAL_POINTER float *partial) {
  const long columns = P_columns;
  x += P_x_offset;
  y += P_y_offset;
  for (long r = 0; r < P_rows; ++r) {
    __global const float *input = x + r * P_x_stride;
    __global float *row = y + r * P_y_stride;
    COMBINE(input, 1.0f, false, row, columns);
    const float square = DOT(input, input, columns);
    for (int time = 0; time < 2; ++time)
      for (long j = 0; j < r; ++j) {
        __global const float *other = y + j * P_y_stride;
        COMBINE(other, -DOT(row, other, columns), true, row, columns);
      }
    const float remainder = DOT(row, row, columns);
    COMBINE(row, remainder <= 0x1p-36f * square ? 0.0f : 1.0f / sqrt(remainder), false, row, columns);
  }
}

#if SHAPE_WIDE
__kernel WIDE_KERNEL void orthonormal_rows_wide(__global const float *restrict x, __global float *restrict y,
                                                UNIFORMS) {
  __local float partial[1];
#else
__kernel __attribute__((reqd_work_group_size(LOCAL_SIZE, 1, 1))) void orthonormal_rows_simt(
    __global const float *restrict x, __global float *restrict y, UNIFORMS) {
  __local float partial[LOCAL_SIZE];
#endif
  orthonormal_rows_tile(x, y, uniforms, block, partial);
}
