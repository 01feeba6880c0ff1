// Values of two bits of the formats iq2_…: ± scale · q, q 8, 25 or 43. A group is eight values, the codes of one entry of
// a codebook. Declares the unit, the header and VALUE.
#include "Values/codebook.cl"
#include "Values/signs.cl"

typedef ushort NAME(unit);
typedef struct {
  FLOATS scale;
  INTS codes, signs;
} NAME(header);

VALUE {
  const INTS code = h.codes >> (2 * i) & 3;
  return h.scale * NAME(signed_float)(8 + 17 * code + (code >> 1), h.signs, i);
}
