// q4_k: d · s · q − e · m, rounded once, s and m of 32 values; [half d][half e][12 bytes of s and m][128 bytes of
// nibbles]. Groups 2j and 2j + 1 are the low and the high nibbles of the same 32 bytes.
#include "Values/shape.cl"

typedef ushort NAME(unit);
enum { NAME(block) = 256, NAME(group) = 32, NAME(units) = 72 };
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
VALUE { return fma(h.scale, TO_FLOATS(BYTE(p, 16 + 32 * (g >> 1) + i) >> (4 * (g & 1)) & 15), h.least); }
