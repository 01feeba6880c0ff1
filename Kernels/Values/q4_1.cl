// q4_1: d · q + m, rounded once; [half d][half m][32 nibbles].
#include "Values/nibbles.cl"
#include "Values/shape.cl"

typedef ushort NAME(unit);
enum { NAME(block) = 32, NAME(group) = 32, NAME(units) = 10 };
typedef struct {
  FLOATS scale, least;
} NAME(header);

HEADER {
  NAME(header) h = {HALF(p, 0), HALF(p, 1)};
  return h;
}
VALUE { return fma(h.scale * NIBBLE_SCALE(i), TO_FLOATS(NIBBLE(UNITS(p, 2 + NIBBLE_UNIT(i)), i)), h.least); }

SCALED_ABOVE
LEVELS { return NIBBLE_PAIR(PAIR(p, 2 + NIBBLE_UNIT(i)), i); }
