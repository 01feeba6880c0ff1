// What q4_k and q5_k begin with: [half d][half e][12 bytes of s and m], for values d · s · q − e · m of 32 that share s
// and m. Declares the unit, the header (d · s and −e · m) and HEADER.
#include "Values/shape.cl"

typedef ushort NAME(unit);
typedef struct {
  FLOATS scale, least;
} NAME(header);

// Six bits each: of the first four groups whole in bytes 0 … 7, of the last four the low nibbles in bytes 8 … 11 and the
// rest above the six bits of the first four.
HEADER {
  const int j = g & 3;
  const INTS scales = BYTE(p, 4 + j);
  const INTS leasts = BYTE(p, 8 + j);
  const INTS nibbles = BYTE(p, 12 + j);
  const INTS scale = g < 4 ? scales & 63 : (nibbles & 15) | (scales >> 6 << 4);
  const INTS least = g < 4 ? leasts & 63 : nibbles >> 4 | (leasts >> 6 << 4);
  NAME(header) h = {HALF(p, 0) * TO_FLOATS(scale), -(HALF(p, 1) * TO_FLOATS(least))};
  return h;
}

SCALED_ABOVE
