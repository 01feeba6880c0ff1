// Values of iq1_s and iq1_m: scale · (c ± ⅛), c −1, 0 or 1. A group is eight values, the codes of one entry of a codebook.
// Declares the unit, the header, VALUE and how headers are made.
#include "Values/codebook.cl"

typedef ushort NAME(unit);
typedef struct {
  FLOATS eighth;
  INTS codes, offset;
} NAME(header);

// `isLess` is 1 where an eighth is taken away, 0 where one is added.
DECODER NAME(header) NAME(header_of)(FLOATS scale, INTS codes, INTS isLess) {
  NAME(header) h = {scale * 0.125f, codes, -7 - 2 * isLess};
  return h;
}
// Codes 0, 1, 2 are −1, 0, 1: in eighths −8, 0, 8.
VALUE { return h.eighth * TO_FLOATS((h.codes >> (2 * i) & 3) * 8 + h.offset); }
