// bf16: the upper half of a float.
#include "Values/shape.cl"

typedef ushort NAME(unit);
enum { NAME(block) = 1, NAME(group) = 1, NAME(units) = 1 };

NO_HEADER
VALUE { return AS_FLOATS(UNITS(p, i) << 16); }

// The bits of two neighbouring values, the first low; and of a last one without a partner.
DECODER INTS NAME(pair_at)(__global const NAME(unit) * p) { return UNITS(p, 0) | UNITS(p, 1) << 16; }
DECODER INTS NAME(last_at)(__global const NAME(unit) * p) { return UNITS(p, 0); }
