// q5_k: d · s · q − e · m, rounded once, s and m of 32 values; [half d][half e][12 bytes of s and m][32 bytes of fifth
// bits][128 bytes of nibbles]. Bit g of a byte of fifth bits is group g's; nibbles as in q4_k.
#include "Values/six_bit_scales.cl"

enum { NAME(block) = 256, NAME(group) = 32, NAME(units) = 88 };

VALUE {
  const INTS low = BYTE(p, 48 + 32 * (g >> 1) + i) >> (4 * (g & 1)) & 15;
  const INTS high = BYTE(p, 16 + i) >> g & 1;
  return fma(h.scale, TO_FLOATS(low | high << 4), h.least);
}

LEVELS {
  const PAIRS low = PAIR(p, 24 + 16 * (g >> 1) + (i >> 1)) >> (PAIRS)(4 * (g & 1)) & (PAIRS)0x0F0F;
  return low | (PAIR(p, 8 + (i >> 1)) >> (PAIRS)g & (PAIRS)0x0101) << (PAIRS)4;
}
