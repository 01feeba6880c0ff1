// q5_1: d · q + m, rounded once; [half d][half m][32 fifth bits][32 nibbles].
#include "Values/nibbles.cl"
#include "Values/shape.cl"

typedef ushort NAME(unit);
enum { NAME(block) = 32, NAME(group) = 32, NAME(units) = 12 };
typedef struct {
  FLOATS scale, least;
} NAME(header);

HEADER {
  NAME(header) h = {HALF(p, 0), HALF(p, 1)};
  return h;
}
VALUE { return fma(h.scale, TO_FLOATS(FIVE_BITS(UNITS(p, 4 + NIBBLE_UNIT(i)), UNITS(p, 2 + (i >> 4)), i)), h.least); }

SCALED_ABOVE
LEVELS { return NIBBLE_PAIR(PAIR(p, 4 + NIBBLE_UNIT(i)), i) | FIFTH_BITS(PAIR(p, 2 + (i >> 4)), i); }
