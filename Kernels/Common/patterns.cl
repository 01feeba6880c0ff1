// Which values of K the rows of a sparse weight keep, and how a kept value is decoded, for 16 rows (WIDE) or one (SCALAR).
//
// A row keeps some of each *span* of SPAN values along K. Its kept values and its scale are units as in
// Common/weights.cl, rows interleaved by 16; what a group of GROUP_ROWS rows shares comes after them:
//
//   values   PATTERN_ROWS, PATTERN_VECTORS   [⌈M/16⌉][K/SPAN][SPAN_UNITS][16] units          rows past M are zeros
//            PATTERN_BLOCKS                  [Q][SPAN_UNITS][SPAN] units                     Q kept blocks
//   indices  PATTERN_VECTORS                 [⌈M/32⌉][K/SPAN][KEPT] uchar, places in the span
//            PATTERN_BLOCKS                  [⌈M/SPAN⌉ + 1] uint starts, [Q] uint columns of blocks
//   scales   WEIGHT_INT8                     [M] float
//
// at the bytes P_indices_offset and P_scales_offset. A span's units: its scale (WEIGHT_INT4: half), its indices
// (PATTERN_ROWS: INDEX_BITS each, lowest first), its values. HeddleTypes' SparseFormat and SparseLayout say it in full.
// The host checked every index.
//
//   first_span, last_span   the spans that a group of rows keeps something of
//   SPAN_POINTER            the units of a span of 16 rows
//   SPAN_INPUT              where in K a span begins
//   SPAN_INDEX              the place in its span of kept value `position` (not PATTERN_ROWS)
//   SPAN_SCALE              what VALUE needs of the span at p
//   VALUE                   kept value `i` of the unit at p, i < VALUES_PER_UNIT
//   ROW_SUM_WIDE, …_SCALAR  the sum of a row's products, from those of its VALUEs
//
// Defines   one of PATTERN_ROWS PATTERN_VECTORS PATTERN_BLOCKS, one of WEIGHT_F32 WEIGHT_F16 WEIGHT_BF16 WEIGHT_INT8
//           WEIGHT_INT4, SPAN KEPT SPAN_UNITS HEADER_UNITS (before the values) NESTED; PATTERN_ROWS: GROUP_SIZE GROUP_KEPT
//           (GROUP_KEPT of GROUP_SIZE neighbours) INDEX_BITS
// Numbers   a VALUE is exact: the stored float, level times scale (int4), level (int8)
#include "Common/weights.cl"

#if !defined(SPAN) || !defined(KEPT) || !defined(SPAN_UNITS) || !defined(HEADER_UNITS) || !defined(NESTED)
#error "SPAN, KEPT, SPAN_UNITS, HEADER_UNITS and NESTED must be defined"
#endif

#if defined(PATTERN_ROWS)
#define GROUP_ROWS 1
#elif defined(PATTERN_VECTORS)
#define GROUP_ROWS 32
#elif defined(PATTERN_BLOCKS)
#define GROUP_ROWS SPAN
#else
#error "no PATTERN_ is defined"
#endif

// Kept values that are used: a nested weight may be asked for fewer.
#if NESTED
#define KEPT_NOW ((int)P_kept)
#else
#define KEPT_NOW KEPT
#endif

// From a row's unit to its next: rows are interleaved by 16, those of a block all together, so that it is one stream.
#if defined(PATTERN_BLOCKS)
#define UNIT_STRIDE SPAN
#else
#define UNIT_STRIDE ROWS_INTERLEAVED
#endif
#define SPAN_STRIDE (SPAN_UNITS * UNIT_STRIDE)
#define SHARED_INDICES(w) ((__global const uchar *)(w) + P_indices_offset)

#if defined(PATTERN_BLOCKS)
#define BLOCK_STARTS(w) ((__global const uint *)SHARED_INDICES(w))
#define FIRST_SPAN(w, row) ((int)BLOCK_STARTS(w)[(row) / SPAN])
#define LAST_SPAN(w, row) ((int)BLOCK_STARTS(w)[(row) / SPAN + 1])
#define SPAN_POINTER(w, row, s) ((w) + (long)(s)*SPAN_STRIDE + (row) % SPAN / 16 * 16)
#define SPAN_INPUT(w, s) ((int)BLOCK_STARTS(w)[(int)P_groups + 1 + (s)] * SPAN)
#define SPAN_INDICES(w, row, s) ((__global const uchar *)0)
#define SPAN_INDEX(indices, position) (position)
#else
#define FIRST_SPAN(w, row) 0
#define LAST_SPAN(w, row) ((int)P_spans)
#define SPAN_POINTER(w, row, s) ((w) + ((long)((row) / 16) * (int)P_spans + (s)) * SPAN_STRIDE)
#define SPAN_INPUT(w, s) ((s)*SPAN)
#define SPAN_INDICES(w, row, s) (SHARED_INDICES(w) + ((long)((row) / 32) * (int)P_spans + (s)) * KEPT)
#define SPAN_INDEX(indices, position) ((int)(indices)[position])
#endif

// int4: the nibble's bits in the mantissa of a float beyond 2²³, at a place where this float's zero times any half is a
// float: one fma gives the scaled level exactly. (The host refuses scales that are not finite.)
#define NIBBLE_PLACE(i) ((i) % 2 ? 12 : 8)
#define NIBBLE_BITS(raw, i) ((((i) < 2 ? (raw) << 8 : (raw)) & (15 << NIBBLE_PLACE(i))) | 0x4B000000)
#define NIBBLE_UNITY(i) (1.0f / (float)(1 << NIBBLE_PLACE(i)))
#define NIBBLE_ZERO(i) (-(8388608.0f / (float)(1 << NIBBLE_PLACE(i)) + 8.0f))
// int8: the byte, its sign flipped, likewise.
#define BYTE_BITS(raw, i) ((((raw) >> (8 * (i))) & 255) ^ 0x4B000080)

#if defined(WEIGHT_INT4)
#define SPAN_SCALE(V, p) HALF_##V(p, 0)
#define VALUE(V, p, i, scale) \
  fma(BITS_##V(NIBBLE_BITS(RAW_##V(p, 0), i)), (scale)*NIBBLE_UNITY(i), (scale)*NIBBLE_ZERO(i))
#elif defined(WEIGHT_INT8)
#define SPAN_SCALE(V, p) 0.0f
#define VALUE(V, p, i, scale) (BITS_##V(BYTE_BITS(RAW_##V(p, 0), i)) - 8388736.0f)
#else
#define SPAN_SCALE(V, p) 0.0f
#define VALUE(V, p, i, scale) DECODE_##V(p, 0)
#endif

// int8 is summed without its scale, which the sum of a row is multiplied by: 16 rows' (padded by the host) or one's.
#if defined(WEIGHT_INT8)
#define ROW_SCALES(w) ((__global const float *)((__global const uchar *)(w) + P_scales_offset))
#define ROW_SUM_WIDE(sum, w, row) ((sum)*vload16((row) / 16, ROW_SCALES(w)))
#define ROW_SUM_SCALAR(sum, w, row) ((sum)*ROW_SCALES(w)[row])
#else
#define ROW_SUM_WIDE(sum, w, row) (sum)
#define ROW_SUM_SCALAR(sum, w, row) (sum)
#endif
#define VALUES_PER_UNIT BLOCK_SIZE

// PATTERN_ROWS: the index bits of a span are read as words of 32 bits, from the row's units.
#if defined(PATTERN_ROWS)
#if defined(WEIGHT_F32)
#define UNIT_BITS 32
#else
#define UNIT_BITS 16
#endif
#if defined(WEIGHT_INT4)
#define SCALE_UNITS 1
#else
#define SCALE_UNITS 0
#endif
#define INDEX_UNITS (HEADER_UNITS - SCALE_UNITS)

// Where in its span kept value `position` of one row is; p at the row's unit.
#define ROW_INDEX(p, position)                                                                                         \
  ((position) / GROUP_KEPT * GROUP_SIZE +                                                                              \
   (int)((p)[(SCALE_UNITS + (position)*INDEX_BITS / UNIT_BITS) * UNIT_STRIDE] >> ((position)*INDEX_BITS % UNIT_BITS) & \
         (GROUP_SIZE - 1)))
#endif
