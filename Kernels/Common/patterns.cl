// Which values of K the rows of a sparse weight keep, and how a kept value is decoded, for 16 rows (WIDE) or one (SCALAR).
//
// A row keeps some of each *span* of SPAN values along K. Its kept values and its scale are units as in
// Common/weights.cl, rows interleaved by 16; what a group of GROUP_ROWS rows shares comes after them:
//
//   values   PATTERN_ROWS, PATTERN_VECTORS   [⌈M/16⌉][K/SPAN][SPAN_UNITS][16] units          rows past M are zeros
//            PATTERN_BLOCKS                  [Q][SPAN_UNITS][SPAN] units                     Q kept blocks
//   indices  PATTERN_VECTORS                 [⌈M/32⌉][K/SPAN][KEPT] uchar, places in the span
//            PATTERN_BLOCKS                  [⌈M/SPAN⌉ + 1] uint starts, [Q] uint columns of blocks
//   scales   ROW_SCALED                      [M] float
//
// at the bytes P_indices_offset and P_scales_offset. A span's units: its scale (SCALE_UNITS: half), its indices
// (PATTERN_ROWS: INDEX_BITS each, lowest first), its values. HeddleTypes' SparseFormat and SparseLayout say it in full.
// The host checked every index.
//
//   first_span, last_span   the spans that a group of rows keeps something of
//   SPAN_POINTER            the units of a span of 16 rows
//   SPAN_INPUT              where in K a span begins
//   SPAN_INDEX              the place in its span of kept value `position` (not PATTERN_ROWS)
//   weight_header_at(p, 0)  what a value needs of the span at p
//   weight_value_at         kept value `i` of the unit at p, i < VALUES_PER_UNIT
//   ROW_SUM_WIDE, …_SCALAR  the sum of a row's products, from those of its values
//
// Defines   one of PATTERN_ROWS PATTERN_VECTORS PATTERN_BLOCKS, WEIGHT, SPAN KEPT SPAN_UNITS SCALE_UNITS HEADER_UNITS
//           (before the values) ROW_SCALED NESTED; PATTERN_ROWS: GROUP_SIZE GROUP_KEPT
//           (GROUP_KEPT of GROUP_SIZE neighbours) INDEX_BITS
// Numbers   a value is exact: the stored float, level times scale (int4), level (int8)
#if !defined(SPAN) || !defined(KEPT) || !defined(SPAN_UNITS) || !defined(SCALE_UNITS) || \
    !defined(HEADER_UNITS) || !defined(ROW_SCALED) || !defined(NESTED)
#error "SPAN, KEPT, SPAN_UNITS, SCALE_UNITS, HEADER_UNITS, ROW_SCALED and NESTED must be defined"
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
#define UNIT_STRIDE 16
#endif
#define NAME(x) weight_##x
#define LANES (SHAPE_WIDE ? 16 : 1)
#define STRIDE UNIT_STRIDE
#include "Values/{WEIGHT}.cl"
REQUIRE(weight_units == 1, a_pattern_keeps_values_of_units);

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

// Levels with a scale for each row are summed without it, and the sum of the row is multiplied: 16 rows' (padded by the
// host) or one's.
#if ROW_SCALED
#define ROW_SCALES(w) ((__global const float *)((__global const uchar *)(w) + P_scales_offset))
#define ROW_SUM_WIDE(sum, w, row) ((sum)*vload16((row) / 16, ROW_SCALES(w)))
#define ROW_SUM_SCALAR(sum, w, row) ((sum)*ROW_SCALES(w)[row])
#else
#define ROW_SUM_WIDE(sum, w, row) (sum)
#define ROW_SUM_SCALAR(sum, w, row) (sum)
#endif
#define VALUES_PER_UNIT weight_block

// PATTERN_ROWS: the index bits of a span are read as words of 32 bits, from the row's units.
#if defined(PATTERN_ROWS)
#define UNIT_BITS (8 * (int)sizeof(weight_unit))
#define INDEX_UNITS (HEADER_UNITS - SCALE_UNITS)

// Where in its span kept value `position` of one row is; p at the row's unit.
#define ROW_INDEX(p, position)                                                                                         \
  ((position) / GROUP_KEPT * GROUP_SIZE +                                                                              \
   (int)((p)[(SCALE_UNITS + (position)*INDEX_BITS / UNIT_BITS) * UNIT_STRIDE] >> ((position)*INDEX_BITS % UNIT_BITS) & \
         (GROUP_SIZE - 1)))
#endif
