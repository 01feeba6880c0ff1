// q8_dynamic: d · q; [float d][two sums of two bytes, which values do not need][32 signed bytes].
#include "Values/shape.cl"

typedef uint NAME(unit);
enum { NAME(block) = 32, NAME(group) = 32, NAME(units) = 10 };
typedef FLOATS NAME(header);

HEADER { return AS_FLOATS(UNITS(p, 0)); }
VALUE { return h * TO_FLOATS(UNITS(p, 2 + (i >> 2)) << (24 - 8 * (i & 3)) >> 24); }
