// Which places of each span 32 rows keep together: the greatest sums of magnitudes.
//
//   sum[k] = Σ_r |x[32·g + r, k]|                       rows up to M in order; NaN counts as 0
//   indices[g, s, :] = the places k − SPAN·s of the KEPT greatest sums of span s, of equals the first
//
//   x  [M, K]  bits of floats, rows `x_stride` apart; K = spans · SPAN
//   y  bytes of a sparse tensor: indices [⌈M/32⌉][spans][KEPT] u8 from byte `indices` on, ascending, or with NESTED the
//      greatest sum first
//
// Parameters rows spans indices x_offset x_stride y_offset
// Defines    SPAN (1 to 64), KEPT (1 to SPAN), NESTED or not                   Needs  nothing beyond OpenCL C 1.2
// Launch     global (64 · ⌈spans / SPANS⌉, ⌈M/32⌉), local (64, 1), SPANS = ⌊64 / SPAN⌋; a group owns SPANS spans. Local
//            512 bytes
// Numbers    float sums in order of rows
#include "Sparsity/arithmetic.cl"

#if !defined(SPAN) || !defined(KEPT)
#error "SPAN or KEPT is not defined"
#endif
#define SPANS (64 / SPAN)

TILE_FUNCTION select_vectors_tile(__global const uint *x, __global uchar *y, TILE_UNIFORMS, LOCAL_POINTER uint *sums,
                                  LOCAL_POINTER int *ranks, long tile, long group) {
  const int item = get_local_id(0);
  const int place = item % SPAN;
  const int first = item - place;
  const long span = tile * SPANS + item / SPAN;
  const long row = group * 32;
  const bool is_used = first < SPANS * SPAN && span < P_spans;
  float sum = 0;
  if (is_used) {
    const int members = (int)min(32L, P_rows - row);
    __global const uint *column = x + P_x_offset + row * P_x_stride + span * SPAN + place;
    for (int r = 0; r < members; ++r) sum += as_float(magnitude(column[r * P_x_stride]));
  }
  sums[item] = as_uint(sum);
  barrier(CLK_LOCAL_MEM_FENCE);
  // How many places come before this one: sums are not negative, so their bits compare as they do.
  int rank = 0;
  if (is_used) {
    const uint own = sums[item];
    for (int other = 0; other < SPAN; ++other) {
      const uint value = sums[first + other];
      rank += value > own || (value == own && other < place) ? 1 : 0;
    }
  }
  ranks[item] = rank;
  barrier(CLK_LOCAL_MEM_FENCE);
  if (!is_used || rank >= KEPT) return;
#ifdef NESTED
  const int position = rank;
#else
  int position = 0;
  for (int other = 0; other < place; ++other) position += ranks[first + other] < KEPT ? 1 : 0;
#endif
  y[P_y_offset + P_indices + (row / 32 * P_spans + span) * KEPT + position] = (uchar)place;
}

__kernel __attribute__((reqd_work_group_size(64, 1, 1))) void select_vectors_simt(__global const uint *restrict x,
                                                                                  __global uchar *restrict y,
                                                                                  UNIFORMS) {
  __local uint sums[64];
  __local int ranks[64];
  select_vectors_tile(x, y, uniforms, block, sums, ranks, get_group_id(0), get_group_id(1));
}
