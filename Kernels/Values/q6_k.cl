// q6_k: d · s · (q − 32), s of 16 values; [128 bytes of nibbles][64 bytes of bit pairs][16 signed bytes s][half d].
//
// Eight groups are half a block: of its 64 bytes of nibbles the low ones are the first four groups, the high ones the
// last.
#include "Values/bit_pairs.cl"
#include "Values/shape.cl"

typedef ushort NAME(unit);
enum { NAME(block) = 256, NAME(group) = 16, NAME(units) = 105 };
typedef FLOATS NAME(header);

HEADER { return HALF(p, 104) * TO_FLOATS(SIGNED_BYTE(p, 192 + g)); }
VALUE {
  const INTS low = BYTE(p, 64 * (g >> 3) + 16 * (g & 3) + i) >> (g & 4) & 15;
  return h * TO_FLOATS((low | BIT_PAIR(p, 128, g, i) << 4) - 32);
}

SCALED
LEVELS {
  const PAIRS low = PAIR(p, 32 * (g >> 3) + 8 * (g & 3) + (i >> 1)) >> (PAIRS)(g & 4) & (PAIRS)0x0F0F;
  return low | BIT_PAIR_LEVELS(p, 128, g, i) << (PAIRS)4;
}
