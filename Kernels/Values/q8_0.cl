// q8_0: d · q; [half d][32 signed bytes].
#include "Values/shape.cl"

typedef ushort NAME(unit);
enum { NAME(block) = 32, NAME(group) = 32, NAME(units) = 17 };
typedef FLOATS NAME(header);

HEADER { return HALF(p, 0); }
VALUE { return h * TO_FLOATS(SIGNED_BYTE(p, 2 + i)); }

SCALED
LEVELS { return PAIR(p, 1 + (i >> 1)); }
