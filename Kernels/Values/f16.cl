// f16: the value as half.
#include "Values/shape.cl"

typedef ushort NAME(unit);
enum { NAME(block) = 1, NAME(group) = 1, NAME(units) = 1 };

NO_HEADER
VALUE { return HALF(p, i); }
