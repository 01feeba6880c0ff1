// q2_k: d · s · q − e · m, rounded once, s and m of 16 values; [16 bytes: s in the low, m in the high nibble][64 bytes of
// bit pairs][half d][half e].
#include "Values/bit_pairs.cl"
#include "Values/shape.cl"

typedef ushort NAME(unit);
enum { NAME(block) = 256, NAME(group) = 16, NAME(units) = 42 };
typedef struct {
  FLOATS scale, least;
} NAME(header);

HEADER {
  const INTS s = BYTE(p, g);
  NAME(header) h = {HALF(p, 40) * TO_FLOATS(s & 15), -(HALF(p, 41) * TO_FLOATS(s >> 4))};
  return h;
}
VALUE { return fma(h.scale, TO_FLOATS(BIT_PAIR(p, 16, g, i)), h.least); }

SCALED_ABOVE
LEVELS { return BIT_PAIR_LEVELS(p, 16, g, i); }
