// q6_k: d · s · (q − 32), s of 16 values; [128 bytes of nibbles][64 bytes of bit pairs][16 signed bytes s][half d].
//
// Eight groups are half a block: of its 64 bytes of nibbles the low ones are the first four groups, the high ones the
// last; of its 32 bytes each two groups have a pair of bits.
#include "Values/shape.cl"

typedef ushort NAME(unit);
enum { NAME(block) = 256, NAME(group) = 16, NAME(units) = 105 };
typedef FLOATS NAME(header);

HEADER { return HALF(p, 104) * TO_FLOATS(SIGNED_BYTE(p, 192 + g)); }
VALUE {
  const int quarter = g >> 1 & 3;
  const int within = 16 * (g & 1) + i;
  const INTS low = BYTE(p, 64 * (g >> 3) + 32 * (quarter & 1) + within) >> (4 * (quarter >> 1)) & 15;
  const INTS high = BYTE(p, 128 + 32 * (g >> 3) + within) >> (2 * quarter) & 3;
  return h * TO_FLOATS((low | high << 4) - 32);
}
