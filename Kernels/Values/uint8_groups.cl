// Levels of eight bits with a zero-point, d · (q − z): [float d][short z][bytes q]. Declares all but the sizes.
#include "Values/zero_points.cl"

VALUE { return h.scale * TO_FLOATS(BYTE(p, 6 + 32 * g + i) - h.zero); }

ZERO_POINT(128)
LEVELS { return PAIR(p, 3 + 16 * g + (i >> 1)) ^ (PAIRS)0x8080; }
