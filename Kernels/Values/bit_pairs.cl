// Pairs of bits of 256 values in groups of 16: eight groups are half a block, which has 32 bytes, and each two groups a pair
// of bits in all of them.

// The pair of value i of group g, from byte b of the block on.
#define BIT_PAIR(p, b, g, i) (BYTE(p, (b) + 32 * ((g) >> 3) + 16 * ((g)&1) + (i)) >> (2 * ((g) >> 1 & 3)) & 3)
// The same of values i and i + 1, i even, as bytes; b is even.
#define BIT_PAIR_LEVELS(p, b, g, i) \
  (PAIR(p, ((b) + 32 * ((g) >> 3) + 16 * ((g)&1) + (i)) >> 1) >> (PAIRS)(2 * ((g) >> 1 & 3)) & (PAIRS)0x0303)
