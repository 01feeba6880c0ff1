// Levels of four bits with a scale before them, d · (q − 8): [half d][nibbles q]. Declares all but the sizes.
#include "Values/nibbles.cl"
#include "Values/shape.cl"

typedef ushort NAME(unit);
typedef FLOATS NAME(header);

HEADER { return HALF(p, 0); }
VALUE {
  const INTS level = NIBBLE(UNITS(p, 1 + 8 * g + NIBBLE_UNIT(i)), i) - (8 << NIBBLE_SHIFT(i));
  return h * NIBBLE_SCALE(i) * TO_FLOATS(level);
}

SCALED
LEVELS { return NIBBLE_PAIR(PAIR(p, 1 + 8 * g + NIBBLE_UNIT(i)), i); }
