// q5_0: d · (q − 16); [half d][32 fifth bits][32 nibbles].
#include "Values/nibbles.cl"
#include "Values/shape.cl"

typedef ushort NAME(unit);
enum { NAME(block) = 32, NAME(group) = 32, NAME(units) = 11 };
typedef FLOATS NAME(header);

HEADER { return HALF(p, 0); }
VALUE { return h * TO_FLOATS(FIVE_BITS(UNITS(p, 3 + NIBBLE_UNIT(i)), UNITS(p, 1 + (i >> 4)), i) - 16); }

SCALED
LEVELS { return NIBBLE_PAIR(PAIR(p, 3 + NIBBLE_UNIT(i)), i) | FIFTH_BITS(PAIR(p, 1 + (i >> 4)), i); }
