// f32: the value itself.
#include "Values/shape.cl"

typedef uint NAME(unit);
enum { NAME(block) = 1, NAME(group) = 1, NAME(units) = 1 };

NO_HEADER
VALUE { return AS_FLOATS(UNITS(p, i)); }
