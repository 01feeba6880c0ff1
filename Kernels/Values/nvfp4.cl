// nvfp4: s / 2 · q, q twice a float of four bits, s of 16 values a float with four bits of exponent and three of mantissa;
// [4 bytes s][32 bytes of nibbles], a group the low, then the high nibbles of 8 bytes.
#include "Values/e2m1.cl"

typedef ushort NAME(unit);
enum { NAME(block) = 64, NAME(group) = 16, NAME(units) = 18 };
typedef FLOATS NAME(header);

// The bits of s at a float's place have an exponent that is 119 too small for the half of s. NaN counts as 0.
HEADER {
  const INTS s = BYTE(p, g);
  const INTS bits = s & 127;
  const FLOATS scale = bits < 8 ? TO_FLOATS(bits) * 0x1p-10f : AS_FLOATS((bits << 20) + (119 << 23));
  return s == 127 ? (FLOATS)(0.0f) : scale;
}
VALUE { return h * TO_FLOATS(NAME(twice_e2m1)(BYTE(p, 4 + 8 * g + (i & 7)) >> (4 * (i >> 3)))); }

SCALED
LEVELS { return TWICE_E2M1_LEVELS(PAIR(p, 2 + 4 * g + (i >> 1 & 3)) >> (PAIRS)(4 * (i >> 3)) & (PAIRS)0x0F0F); }
