// q1_0: d or −d; [half d][128 bits: 1 is d].
#include "Values/shape.cl"

typedef ushort NAME(unit);
enum { NAME(block) = 128, NAME(group) = 16, NAME(units) = 9 };
typedef FLOATS NAME(header);

HEADER { return HALF(p, 0); }
VALUE { return h * TO_FLOATS((UNITS(p, 1 + g) >> i & 1) * 2 - 1); }

// Twice the bits, about 1.
SCALED
LEVELS {
  const PAIRS raw = PAIR(p, 1 + g) >> (PAIRS)i;
  return (raw & (PAIRS)1) << (PAIRS)1 | (raw & (PAIRS)2) << (PAIRS)8;
}
