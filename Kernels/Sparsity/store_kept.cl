// The kept values of x in their format: the section of values of a sparse tensor, span by span.
//
//   span of row m = [scale: 1 unit, if int4] [indices, if 2:4 and the like] [values, in the order of the indices]
//
//   x       [M, K]  bits of floats, rows `x_stride` apart; K = spans · SPAN
//   places  with BLOCKS only, [blocks] uint: the numbers of the kept blocks (Sparsity/select_blocks.cl)
//   y       bytes of a sparse tensor, values from its start on; read are the scales of int8 (Sparsity/row_scales.cl) from
//           byte `scales` on, and with VECTORS the places from byte `indices` on
//
// A span keeps, with BLOCKS all its SPAN = SIDE values, with VECTORS the KEPT that are listed, else of each GROUP
// neighbours the KEPT · GROUP / SPAN greatest magnitudes, of equals the first.
//
// Parameters rows spans, with VECTORS indices, with BLOCKS blocks places_offset, with int8 scales, x_offset x_stride
//            y_offset
// Defines    SPAN, KEPT, UNITS (of a span), VALUES_F32 _F16 _BF16 _INT8 _INT4, and VECTORS, BLOCKS or GROUP with INDEX_BITS
// Needs      nothing beyond OpenCL C 1.2
// Launch     global (spans rounded up to 64, M), with BLOCKS (SIDE rounded up to 64, blocks), local (64, 1); an item owns
//            one span of a row; rows of a block past M are left alone
// Numbers    the scale of int4 and 1/scale are correctly rounded; levels are a float product (and, int4, sum), rounded;
//            ±x/scale = ½ away from zero (int8) or up (int4)
#include "Common/half_precision.cl"
#include "Sparsity/arithmetic.cl"

#if !defined(SPAN) || !defined(KEPT) || !defined(UNITS)
#error "SPAN, KEPT or UNITS is not defined"
#endif

#if defined(VALUES_F32)
#define UNIT uint
#define VALUE_BITS 32
#elif defined(VALUES_F16) || defined(VALUES_BF16)
#define UNIT ushort
#define VALUE_BITS 16
#elif defined(VALUES_INT8)
#define UNIT ushort
#define VALUE_BITS 8
#elif defined(VALUES_INT4)
#define UNIT ushort
#define VALUE_BITS 4
#else
#error "no VALUES_ is defined"
#endif
#define UNIT_BITS (8 * (int)sizeof(UNIT))
#define PER_UNIT (UNIT_BITS / VALUE_BITS)

// FIRST_PLACE declares what the walk over a span's kept places needs, NEXT_PLACE(p) is the p-th; p ascends from 0.
#if defined(BLOCKS)
#define FIRST_PLACE
#define NEXT_PLACE(p) (p)
#elif defined(VECTORS)
#define FIRST_PLACE
#define NEXT_PLACE(p) listed[p]
#elif defined(GROUP) && defined(INDEX_BITS)
#define FIRST_PLACE uint rest = kept;
#define NEXT_PLACE(p) next_place(&rest)

// The lowest place of `rest`, which is taken out.
static int next_place(uint *rest) {
  const int place = 31 - (int)clz(*rest & (0u - *rest));
  *rest &= *rest - 1;
  return place;
}

// Bit k: whether place k of a span is kept. Inlined: a call would pass through memory.
static __attribute__((always_inline)) uint kept_places(__global const uint *values) {
  uint kept = 0;
  for (int start = 0; start < SPAN; start += GROUP) {
    uint sizes[GROUP];
#pragma unroll
    for (int k = 0; k < GROUP; ++k) sizes[k] = magnitude(values[start + k]);
#pragma unroll
    for (int k = 0; k < GROUP; ++k) {
      int rank = 0;
#pragma unroll
      for (int other = 0; other < GROUP; ++other) {
        rank += (other < k ? sizes[other] >= sizes[k] : sizes[other] > sizes[k]) ? 1 : 0;
      }
      if (rank < KEPT * GROUP / SPAN) kept |= 1u << (start + k);
    }
  }
  return kept;
}
#else
#error "none of BLOCKS, VECTORS and GROUP with INDEX_BITS is defined"
#endif

// 1 / scale, 0 for a zero scale.
static float inverse_of(uint scale) {
  const uint bits = scale & 0x7FFFFFFFu;
  return bits == 0 ? 0.0f : as_float((scale & 0x80000000u) | quotient(as_uint(1.0f), bits));
}

// A value's bits in the format. A level that is not a number is the least.
static uint stored(uint x, float inverse) {
#if defined(VALUES_F32)
  return x;
#elif defined(VALUES_F16)
  return half_bits(as_float(x));
#elif defined(VALUES_BF16)
  return bfloat16_bits(as_float(x));
#elif defined(VALUES_INT8)
  const float level = round(as_float(x) * inverse);
  return (uint)(level > -128.0f ? (level < 127.0f ? (int)level : 127) : -128) & 255u;
#else
  const float level = as_float(x) * inverse + 8.5f;
  return level > 0.0f ? (level < 15.0f ? (uint)level : 15u) : 0u;
#endif
}

// Spans 64·tile … of row `line`; with BLOCKS rows 64·tile … of kept block `line`.
TILE_FUNCTION store_kept_tile(__global const uint *x, __global const uint *places, __global uchar *y, TILE_UNIFORMS,
                              long tile, long line) {
#ifdef BLOCKS
  const int within = (int)(tile * 64 + get_local_id(0));
  if (within >= SPAN) return;
  const long number = places[P_places_offset + line];
  const long row = number / P_spans * SPAN + within, span = number % P_spans;
  if (row >= P_rows) return;
  __global UNIT *units = (__global UNIT *)(y + P_y_offset) + (line * SPAN + within) * UNITS;
#else
  const long row = line, span = tile * 64 + get_local_id(0);
  if (span >= P_spans) return;
  __global UNIT *units = (__global UNIT *)(y + P_y_offset) + (row * P_spans + span) * UNITS;
#endif
  __global const uint *values = x + P_x_offset + row * P_x_stride + span * SPAN;
#ifdef VECTORS
  __global const uchar *listed = y + P_y_offset + P_indices + (row / 32 * P_spans + span) * KEPT;
#endif
#ifdef GROUP
  const uint kept = kept_places(values);
#endif

  float inverse = 0;
#if defined(VALUES_INT8)
  inverse = inverse_of(((__global const uint *)(y + P_y_offset + P_scales))[row]);
#elif defined(VALUES_INT4)
  uint extreme = 0;
  {
    FIRST_PLACE
    for (int p = 0; p < KEPT; ++p) {
      const uint value = values[NEXT_PLACE(p)];
      const bool is_number = (value & 0x7FFFFFFFu) <= 0x7F800000u;
      if (is_number && (p == 0 || magnitude(value) > magnitude(extreme))) extreme = value;
    }
  }
  // The extreme over −8.
  const uint scale = (~extreme & 0x80000000u) | quotient(magnitude(extreme), as_uint(8.0f));
  inverse = inverse_of(scale);
  *units++ = half_bits(as_float(scale));
#endif

#ifdef GROUP
  ulong indices = 0;
  {
    FIRST_PLACE
    for (int p = 0; p < KEPT; ++p) indices |= (ulong)(NEXT_PLACE(p) % GROUP) << (p * INDEX_BITS);
  }
  for (int bit = 0; bit < KEPT * INDEX_BITS; bit += UNIT_BITS) *units++ = (UNIT)(indices >> bit);
#endif

  FIRST_PLACE
  uint unit = 0;
  for (int p = 0; p < KEPT; ++p) {
    unit |= stored(values[NEXT_PLACE(p)], inverse) << (p % PER_UNIT * VALUE_BITS);
    if (p % PER_UNIT == PER_UNIT - 1 || p == KEPT - 1) {
      *units++ = (UNIT)unit;
      unit = 0;
    }
  }
}

__kernel __attribute__((reqd_work_group_size(64, 1, 1))) void store_kept_simt(__global const uint *restrict x,
#ifdef BLOCKS
                                                                              __global const uint *restrict places,
#endif
                                                                              __global uchar *restrict y, UNIFORMS) {
#ifndef BLOCKS
  __global const uint *places = 0;
#endif
  store_kept_tile(x, places, y, uniforms, block, get_group_id(0), get_group_id(1));
}
