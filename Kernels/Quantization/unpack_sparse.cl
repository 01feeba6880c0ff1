// A sparse weight → float32, exactly: `convert` of it.
//
//   y[m, k] = W[m, k], +0 where W keeps nothing
//
//   w  sparse, Common/patterns.cl
//   y  [M, K]  float, row-major
//
// Parameters inputs spans (K / SPAN) groups (⌈M / GROUP_ROWS⌉) indices_offset scales_offset y_offset
// Defines    those of Common/patterns.cl                                       Needs  nothing beyond OpenCL C 1.2
// Launch     global (K rounded up to 64, M), local (64, 1); an item owns one value
// Numbers    the bits of the oracle
#include "Common/patterns.cl"

// The place among the kept values of its span of value `k` of a row, and which span that is; -1 if it is not kept.
#if defined(PATTERN_ROWS)
static int kept_position(__global const weight_unit *w, TILE_UNIFORMS, long row, int k, int *span) {
  *span = k / SPAN;
  __global const weight_unit *units = SPAN_POINTER(w, row, *span) + row % 16;
  const int first = k % SPAN / GROUP_SIZE * GROUP_KEPT;
  for (int position = first; position < first + GROUP_KEPT; ++position)
    if (ROW_INDEX(units, position) == k % SPAN) return position;
  return -1;
}
#elif defined(PATTERN_VECTORS)
static int kept_position(__global const weight_unit *w, TILE_UNIFORMS, long row, int k, int *span) {
  *span = k / SPAN;
  __global const uchar *indices = SPAN_INDICES(w, row, *span);
  for (int position = 0; position < KEPT; ++position)
    if (SPAN_INDEX(indices, position) == k % SPAN) return position;
  return -1;
}
#else
// The columns of a row of blocks ascend.
static int kept_position(__global const weight_unit *w, TILE_UNIFORMS, long row, int k, int *span) {
  const int end = LAST_SPAN(w, row);
  int low = FIRST_SPAN(w, row);
  int high = end;
  while (low < high) {
    const int middle = low + (high - low) / 2;
    if (SPAN_INPUT(w, middle) < k / SPAN * SPAN)
      low = middle + 1;
    else
      high = middle;
  }
  *span = low;
  return low < end && SPAN_INPUT(w, low) == k / SPAN * SPAN ? k % SPAN : -1;
}
#endif

TILE_FUNCTION unpack_sparse_tile(__global const weight_unit *w, __global float *y, TILE_UNIFORMS, long tile, long row) {
  const long k = tile * 64 + get_local_id(0);
  if (k >= P_inputs) return;
  int span;
  const int position = kept_position(w, uniforms, block, row, (int)k, &span);
  float value = 0.0f;
  if (position >= 0) {
    __global const weight_unit *units = SPAN_POINTER(w, row, span) + row % 16;
    const weight_header scale = weight_header_at(units, 0);
    units += (HEADER_UNITS + position / VALUES_PER_UNIT) * UNIT_STRIDE;
    value = weight_value_at(units, 0, position % VALUES_PER_UNIT, scale);
    value = ROW_SUM_SCALAR(value, w, row);
  }
  y[P_y_offset + row * P_inputs + k] = value;
}

__kernel __attribute__((reqd_work_group_size(64, 1, 1))) void unpack_sparse_simt(__global const weight_unit *restrict w,
                                                                                 __global float *restrict y, UNIFORMS) {
  unpack_sparse_tile(w, y, uniforms, block, get_group_id(0), get_group_id(1));
}
