// scales[m] = max |x[m, k]| / 127 over the kept k: the float32 scales of int8 values.
//
//   x  [M, K]  bits of floats, rows `x_stride` apart; K = spans · SPAN
//   y  bytes of a sparse tensor: scales [M] from byte `scales` on; what is kept from byte `indices` on
//
// Which k are kept: with BLOCKS those of the row's blocks (SPAN is their side), with VECTORS the KEPT places of each span
// (Sparsity/select_vectors.cl), else all, as the greatest of some neighbours is always kept.
//
// Parameters spans indices scales x_offset x_stride y_offset, with BLOCKS also groups
// Defines    LOCAL_SIZE (a power of two ≤ 256), SPAN, KEPT, VECTORS, BLOCKS    Needs  nothing beyond OpenCL C 1.2
// Launch     global (LOCAL_SIZE, M), local (LOCAL_SIZE, 1); a group owns one row. Local 4·LOCAL_SIZE bytes
// Numbers    correctly rounded; NaN counts as 0
#include "Sparsity/arithmetic.cl"

#if !defined(LOCAL_SIZE) || !defined(SPAN) || !defined(KEPT)
#error "LOCAL_SIZE, SPAN or KEPT is not defined"
#endif

TILE_FUNCTION row_scales_tile(__global const uint *x, __global uchar *y, TILE_UNIFORMS, LOCAL_POINTER uint *greatest,
                              long row) {
  const int item = get_local_id(0);
  __global const uint *values = x + P_x_offset + row * P_x_stride;
  uint own = 0;
#if defined(BLOCKS)
  __global const uint *starts = (__global const uint *)(y + P_y_offset + P_indices);
  __global const uint *columns = starts + P_groups + 1;
  const long first = starts[row / SPAN];
  const long count = (starts[row / SPAN + 1] - first) * SPAN;
  for (long index = item; index < count; index += LOCAL_SIZE) {
    own = max(own, magnitude(values[(long)columns[first + index / SPAN] * SPAN + index % SPAN]));
  }
#elif defined(VECTORS)
  const long count = P_spans * KEPT;
  __global const uchar *places = y + P_y_offset + P_indices + row / 32 * count;
  for (long index = item; index < count; index += LOCAL_SIZE) {
    own = max(own, magnitude(values[index / KEPT * SPAN + places[index]]));
  }
#else
  const long count = P_spans * SPAN;
  for (long index = item; index < count; index += LOCAL_SIZE) own = max(own, magnitude(values[index]));
#endif
  greatest[item] = own;
  barrier(CLK_LOCAL_MEM_FENCE);
  for (int step = LOCAL_SIZE / 2; step > 0; step /= 2) {
    if (item < step) greatest[item] = max(greatest[item], greatest[item + step]);
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  __global uint *scales = (__global uint *)(y + P_y_offset + P_scales);
  if (item == 0) scales[row] = quotient(greatest[0], as_uint(127.0f));
}

__kernel __attribute__((reqd_work_group_size(LOCAL_SIZE, 1, 1))) void row_scales_simt(__global const uint *restrict x,
                                                                                      __global uchar *restrict y,
                                                                                      UNIFORMS) {
  __local uint greatest[LOCAL_SIZE];
  row_scales_tile(x, y, uniforms, block, greatest, get_group_id(1));
}
