// Floats of eight bits after a scale: [float d][bytes q]. The nearest to x / d, ties to even, without infinities; a zero has no
// sign. d is the greatest magnitude / GREATEST_LEVEL, rounded once.
//
// Defined before: MANTISSA_BITS; LEAST_NORMAL, the exponent of the least normal level; GREATEST_LEVEL = 7 · 2^SEVENTH_POWER; and
// BLOCK, BLOCK_BYTES, LEAST_EXPONENT.
#define GROUP 32
#define GREATEST_EXPONENT 127
#define SEARCH_FIRST (0.5f * GREATEST_LEVEL)
#define SEARCH_STEP (GREATEST_LEVEL / 28.0f)
#define SEARCH_STEPS 15

// x / 7: the quotient is corrected by its rest, which is exact.
static float seventh(float x) {
  const float quotient = x * 0x1.24924ap-3f;
  return fma(fma(-quotient, 7.0f, x), 0x1.24924ap-3f, quotient);
}

#define PLAIN_SCALE(greatest) (seventh(greatest) * as_float((127 - SEVENTH_POWER) << 23))
#include "Encoders/float_scale.cl"

static float4 nearest_levels(float4 x) {
  const float4 magnitude = fabs(x);
  const uint4 exponent = max(as_uint4(magnitude) & 0x7F800000u, (uint4)((127 + LEAST_NORMAL) << 23));
  const uint4 step = exponent - (uint)(MANTISSA_BITS << 23);
  const float4 level = rint(magnitude * as_float4((254u << 23) - step)) * as_float4(step);
  return copysign(fmin(level, GREATEST_LEVEL), x);
}

static int nearest_code(float x) {
  const float level = fabs(nearest_levels((float4)(x)).x);
  const int subnormal = (int)(level * as_float((127 + MANTISSA_BITS - LEAST_NORMAL) << 23));
  const int normal = (int)(as_uint(level) - ((126 + LEAST_NORMAL) << 23)) >> (23 - MANTISSA_BITS);
  const int code = as_uint(level) < (uint)((127 + LEAST_NORMAL) << 23) ? subnormal : normal;
  return x < 0 && code > 0 ? code | 128 : code;
}

// Of x / d, rounded once.
static int code_at(const Block *block, int k) {
  const float x = value_at(block, k);
  const float inverse = block->shared->inverse[block->item], quotient = x * inverse;
  return nearest_code(fma(fma(-quotient, block->shared->scale[block->item], x), inverse, quotient));
}

ENCODER uchar encoded_byte(const Block *block, int b) {
  return b < 4 ? scale_byte(block, b) : (uchar)code_at(block, b - 4);
}
