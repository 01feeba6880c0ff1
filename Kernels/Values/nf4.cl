// nf4: d · level[q], of 16 levels, rounded once; [float d][64 nibbles q, of each 32 as in q4_0].
#include "Codebooks/nf4.cl"
#include "Values/nibbles.cl"
#include "Values/shape.cl"

typedef ushort NAME(unit);
enum { NAME(block) = 64, NAME(group) = 32, NAME(units) = 18 };
typedef FLOATS NAME(header);

#define NF4_LEVEL(i) ((INTS)((int)nf4_codebook[i]))

// Of four levels from the first on, the one at the lower two bits of a code.
DECODER INTS NAME(of_four)(INTS code, int first) {
  const INTS even = (code & 2) == 0 ? NF4_LEVEL(first) : NF4_LEVEL(first + 2);
  const INTS odd = (code & 2) == 0 ? NF4_LEVEL(first + 1) : NF4_LEVEL(first + 3);
  return (code & 1) == 0 ? even : odd;
}

DECODER FLOATS NAME(level)(INTS code) {
  const INTS low = (code & 4) == 0 ? NAME(of_four)(code, 0) : NAME(of_four)(code, 4);
  const INTS high = (code & 4) == 0 ? NAME(of_four)(code, 8) : NAME(of_four)(code, 12);
  return AS_FLOATS((code & 8) == 0 ? low : high);
}

HEADER { return AS_FLOATS(UNITS(p, 0) | UNITS(p, 1) << 16); }
VALUE { return h * NAME(level)(UNITS(p, 2 + 8 * g + NIBBLE_UNIT(i)) >> NIBBLE_SHIFT(i) & 15); }
