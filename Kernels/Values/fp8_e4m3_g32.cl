// fp8_e4m3_g32: d · q, rounded once; [float d][32 bytes, each a float q].
#include "Values/e4m3.cl"

typedef ushort NAME(unit);
enum { NAME(block) = 32, NAME(group) = 32, NAME(units) = 18 };
typedef FLOATS NAME(header);

HEADER { return AS_FLOATS(UNITS(p, 0) | UNITS(p, 1) << 16); }
VALUE { return h * NAME(e4m3)(BYTE(p, 4 + i)); }
