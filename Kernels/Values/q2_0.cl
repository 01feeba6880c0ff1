// q2_0: d · (q − 1); [half d][64 × 2 bits q].
#include "Values/shape.cl"

typedef ushort NAME(unit);
enum { NAME(block) = 64, NAME(group) = 16, NAME(units) = 9 };
typedef FLOATS NAME(header);

HEADER { return HALF(p, 0); }
VALUE { return h * TO_FLOATS((UNITS(p, 1 + 2 * g + (i >> 3)) >> (2 * (i & 7)) & 3) - 1); }

SCALED
LEVELS {
  const PAIRS raw = PAIR(p, 1 + 2 * g + (i >> 3)) >> (PAIRS)(2 * (i & 7));
  return (raw & (PAIRS)3) | (raw & (PAIRS)12) << (PAIRS)6;
}
