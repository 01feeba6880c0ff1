// q4_0: d · (q − 8); [half d][32 nibbles].
#include "Values/nibbles.cl"
#include "Values/shape.cl"

typedef ushort NAME(unit);
enum { NAME(block) = 32, NAME(group) = 32, NAME(units) = 9 };
typedef FLOATS NAME(header);

HEADER { return HALF(p, 0); }
VALUE { return h * NIBBLE_SCALE(i) * TO_FLOATS(NIBBLE(UNITS(p, 1 + NIBBLE_UNIT(i)), i) - (8 << NIBBLE_SHIFT(i))); }

SCALED
LEVELS { return NIBBLE_PAIR(PAIR(p, 1 + NIBBLE_UNIT(i)), i); }
