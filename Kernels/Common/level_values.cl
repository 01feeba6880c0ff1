// The values of weights that are levels (Values/shape.cl), as floats: two neighbours of 16 rows at a time, the same bits as
// `weight_value_at`.
//
// Lanes have an order of their own: as bytes of 32-bit lanes two rows stand beside each other, and taking them apart in
// place is a mask and, where there is no other way, a shift. So lanes are the even rows, then the odd ones; ROW_ORDER gives sums
// theirs. Registers of 16 lanes hold a row each, as it is.
//
//   level_scales                     what a group's values share; level_scales_at(p, g)
//   level_values_at(p, g, i, scales, values)   values i and i + 1 of group g, i even
//
// Defines   those of Common/level_inputs.cl about levels; X86_ASSEMBLY as Common/weights.cl says
#if !defined(LEVEL_MAXIMUM) || !defined(LEVEL_ZERO) || !defined(LEVEL_LEAST) || !defined(X86_ASSEMBLY)
#error "LEVEL_MAXIMUM, LEVEL_ZERO, LEVEL_LEAST and X86_ASSEMBLY must be defined"
#endif

#ifdef __AVX512F__
#define LANE_ORDER(x) (x)
#define ROW_ORDER(x) (x)
#else
#define LANE_ORDER(x) ((float16)((x).even, (x).odd))
static float16 row_order(float16 lanes) {
  float16 rows;
  rows.even = lanes.lo;
  rows.odd = lanes.hi;
  return rows;
}
#define ROW_ORDER(x) row_order(x)
#endif

// Signed levels are taken as unsigned ones about 128.
#define UNSIGNED_ZERO (LEVEL_MAXIMUM ? LEVEL_ZERO : 128)
#define UNSIGNED_LEVELS(p, g, i) \
  (LEVEL_MAXIMUM ? weight_levels_at(p, g, i) : weight_levels_at(p, g, i) ^ (ushort16)0x8080)

typedef struct {
  float16 scale, base;
} level_scales;

static level_scales level_scales_at(__global const weight_unit *p, int g) {
  const weight_header header = weight_header_at(p, g);
  level_scales scales = {LANE_ORDER(weight_scale_of(header)), LANE_ORDER(weight_base_of(header, UNSIGNED_ZERO))};
#ifndef __AVX512F__
  // The level of an odd row is the upper half of its lane.
  if (!weight_centred) scales.scale.hi *= 1.0f / 65536.0f;
#endif
  return scales;
}

static float16 level_value(int16 levels, level_scales scales) {
  const float16 floats = convert_float16(levels);
  return weight_centred ? scales.scale * (floats + scales.base) : fma(floats, scales.scale, scales.base);
}

// Compilers would shift and mask each of four levels anew.
#if X86_ASSEMBLY
#define COMPUTED(x) __asm__("" : "+x"(x))
#else
#define COMPUTED(x)
#endif

static void level_values_at(__global const weight_unit *p, int g, int i, level_scales scales, float16 *values) {
#ifdef __AVX512F__
  const int16 pairs = convert_int16(UNSIGNED_LEVELS(p, g, i));
  values[0] = level_value(pairs & 255, scales);
  values[1] = level_value(pairs >> 8, scales);
#else
  uint8 pairs = as_uint8(UNSIGNED_LEVELS(p, g, i));
  COMPUTED(pairs);
#pragma unroll
  for (int value = 0; value < 2; ++value) {
    const uint8 odd = weight_centred ? pairs >> 16 & 255 : pairs & 255 << 16;
    values[value] = level_value(as_int16((uint16)(pairs & 255, odd)), scales);
    pairs >>= 8;
    COMPUTED(pairs);
  }
#endif
}
