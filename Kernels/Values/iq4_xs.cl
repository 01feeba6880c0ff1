// iq4_xs: d · (s − 32) · level[q], of 16 levels, s of 32 values; [half d][8 × 2 high bits of s][8 nibbles, the low bits of
// s][128 bytes of nibbles q, 16 of each group].
#include "Values/iq4_levels.cl"

typedef ushort NAME(unit);
enum { NAME(block) = 256, NAME(group) = 32, NAME(units) = 68 };
typedef FLOATS NAME(header);

HEADER {
  const INTS low = BYTE(p, 4 + (g >> 1)) >> (4 * (g & 1)) & 15;
  const INTS high = UNITS(p, 1) >> (2 * g) & 3;
  return HALF(p, 0) * TO_FLOATS((low | high << 4) - 32);
}
VALUE { return h * NAME(level)(BYTE(p, 8 + 16 * g + (i & 15)) >> (4 * (i >> 4)) & 15); }

SCALED
LEVELS { return IQ4_LEVELS(NIBBLE_PAIR(PAIR(p, 4 + 8 * g + NIBBLE_UNIT(i)), i)); }
