// Levels of eight bits with a scale before them, d · q: [half d][signed bytes q]. Declares all but the sizes.
#include "Values/shape.cl"

typedef ushort NAME(unit);
typedef FLOATS NAME(header);

HEADER { return HALF(p, 0); }
VALUE { return h * TO_FLOATS(SIGNED_BYTE(p, 2 + 32 * g + i)); }

SCALED
LEVELS { return PAIR(p, 1 + 16 * g + (i >> 1)); }
