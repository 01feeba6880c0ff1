// q4_k: d · s · q − e · m, rounded once, s and m of 32 values; [half d][half e][12 bytes of s and m][128 bytes of
// nibbles]. Groups 2j and 2j + 1 are the low and the high nibbles of the same 32 bytes.
#include "Values/six_bit_scales.cl"

enum { NAME(block) = 256, NAME(group) = 32, NAME(units) = 72 };

VALUE { return fma(h.scale, TO_FLOATS(BYTE(p, 16 + 32 * (g >> 1) + i) >> (4 * (g & 1)) & 15), h.least); }

LEVELS { return PAIR(p, 8 + 16 * (g >> 1) + (i >> 1)) >> (PAIRS)(4 * (g & 1)) & (PAIRS)0x0F0F; }
