// int8: the level, which its row's scale multiplies; [2 signed bytes]. The byte, its sign flipped, stands in the mantissa
// of a float beyond 2²³.
#include "Values/shape.cl"

typedef ushort NAME(unit);
enum { NAME(block) = 2, NAME(group) = 2, NAME(units) = 1 };

NO_HEADER
VALUE { return AS_FLOATS((UNITS(p, i >> 1) >> (8 * (i & 1)) & 255) ^ 0x4B000080) - 8388736.0f; }
