// Levels of four bits with a zero-point, d · (q − z): [float d][short z][nibbles q]. Declares all but the sizes. The scale
// may be so small that only a nibble moved down keeps the product exact.
#include "Values/nibbles.cl"
#include "Values/zero_points.cl"

VALUE { return h.scale * TO_FLOATS((UNITS(p, 3 + 8 * g + NIBBLE_UNIT(i)) >> NIBBLE_SHIFT(i) & 15) - h.zero); }

ZERO_POINT(0)
LEVELS { return NIBBLE_PAIR(PAIR(p, 3 + 8 * g + NIBBLE_UNIT(i)), i); }
