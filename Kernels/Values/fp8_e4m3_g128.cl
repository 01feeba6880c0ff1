// fp8_e4m3_g128: d · q, rounded once; [float d][128 bytes, each a float q].
#include "Values/e4m3.cl"

typedef ushort NAME(unit);
enum { NAME(block) = 128, NAME(group) = 32, NAME(units) = 66 };
typedef FLOATS NAME(header);

HEADER { return AS_FLOATS(UNITS(p, 0) | UNITS(p, 1) << 16); }
VALUE { return h * NAME(e4m3)(BYTE(p, 4 + 32 * g + i)); }
