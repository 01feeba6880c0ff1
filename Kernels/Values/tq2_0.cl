// tq2_0: d · (q − 1); [64 bytes of bit pairs q][half d].
#include "Values/bit_pairs.cl"
#include "Values/shape.cl"

typedef ushort NAME(unit);
enum { NAME(block) = 256, NAME(group) = 16, NAME(units) = 33 };
typedef FLOATS NAME(header);

HEADER { return HALF(p, 32); }
VALUE { return h * TO_FLOATS(BIT_PAIR(p, 0, g, i) - 1); }

SCALED
LEVELS { return BIT_PAIR_LEVELS(p, 0, g, i); }
