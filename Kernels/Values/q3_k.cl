// q3_k: d · (s − 32) · (q − 4), s of 16 values; [32 bytes of third bits][64 bytes of bit pairs][12 bytes of s][half d].
// Each two groups have a bit in all bytes of third bits.
#include "Values/bit_pairs.cl"
#include "Values/shape.cl"

typedef ushort NAME(unit);
enum { NAME(block) = 256, NAME(group) = 16, NAME(units) = 55 };
typedef FLOATS NAME(header);

// Of the six bits of s four are a nibble of eight bytes, the low ones those of the first groups, and two a pair of the last
// four bytes.
HEADER {
  const INTS low = BYTE(p, 96 + (g & 7)) >> (4 * (g >> 3)) & 15;
  const INTS high = BYTE(p, 104 + (g & 3)) >> (2 * (g >> 2)) & 3;
  return HALF(p, 54) * TO_FLOATS((low | high << 4) - 32);
}
VALUE {
  const INTS high = BYTE(p, 16 * (g & 1) + i) >> (g >> 1) & 1;
  return h * TO_FLOATS((BIT_PAIR(p, 32, g, i) | high << 2) - 4);
}

SCALED
LEVELS {
  const PAIRS high = PAIR(p, 8 * (g & 1) + (i >> 1)) >> (PAIRS)(g >> 1) & (PAIRS)0x0101;
  return BIT_PAIR_LEVELS(p, 32, g, i) | high << (PAIRS)2;
}
