// Levels of blocks of 32 values: value i < 16 is the low nibble of byte i, others the high one of byte i − 16.
//
// A nibble need not be shifted down: (v & 15 << s) · (d · 2⁻ˢ) is the same exact product, one instruction less.

// Place of nibble i: its unit of 2 bytes after the first, shifted up by NIBBLE_SHIFT(i).
#define NIBBLE_UNIT(i) (((i)&15) >> 1)
#define NIBBLE_SHIFT(i) ((((i)&1) << 3) + (((i) >> 4) << 2))
#define NIBBLE_SCALE(i) (1.0f / (float)(1 << NIBBLE_SHIFT(i)))
// Nibbles i and i + 1, i even, of a unit as bytes.
#define NIBBLE_PAIR(raw, i) ((raw) >> (PAIRS)(4 * ((i) >> 4)) & (PAIRS)0x0F0F)
#define NIBBLE(raw, i) ((raw) & (15 << NIBBLE_SHIFT(i)))
// The nibble moved down, with bit i of a 32-bit mask as its fifth bit; `mask` is the half of it that has the bit.
#define FIVE_BITS(raw, mask, i) ((((raw) >> NIBBLE_SHIFT(i)) & 15) | ((((mask) >> ((i)&15)) & 1) << 4))
// The same for pairs: bits i and i + 1 as the fifth ones of two bytes.
#define FIFTH_BITS(mask, i) \
  (((mask) >> (PAIRS)((i)&15) & (PAIRS)1) << (PAIRS)4 | ((mask) >> (PAIRS)((i)&15) & (PAIRS)2) << (PAIRS)11)
