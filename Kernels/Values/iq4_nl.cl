// iq4_nl: d · level[q], of 16 levels; [half d][32 nibbles q].
#include "Values/iq4_levels.cl"

typedef ushort NAME(unit);
enum { NAME(block) = 32, NAME(group) = 32, NAME(units) = 9 };
typedef FLOATS NAME(header);

HEADER { return HALF(p, 0); }
VALUE { return h * NAME(level)(BYTE(p, 2 + (i & 15)) >> (4 * (i >> 4)) & 15); }

SCALED
LEVELS { return IQ4_LEVELS(NIBBLE_PAIR(PAIR(p, 1 + NIBBLE_UNIT(i)), i)); }
