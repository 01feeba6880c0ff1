// q8_k: d · q; [float d][256 signed bytes][16 sums of two bytes, which are not needed].
#include "Values/shape.cl"

typedef ushort NAME(unit);
enum { NAME(block) = 256, NAME(group) = 32, NAME(units) = 146 };
typedef FLOATS NAME(header);

HEADER { return AS_FLOATS(UNITS(p, 0) | UNITS(p, 1) << 16); }
VALUE { return h * TO_FLOATS(SIGNED_BYTE(p, 4 + 32 * g + i)); }

CENTRED
LEVELS { return PAIR(p, 2 + 16 * g + (i >> 1)); }
