// iq1_s: d · (2s + 1) · (c ± ⅛), c of 8 values from a codebook of 2048; [half d][32 bytes of places in the codebook], then
// for each 32 values [4 × 3 high bits of places, 3 bits s, 1 bit: an eighth less].
#include "Codebooks/iq1_s.cl"
#include "Values/iq1_values.cl"

enum { NAME(block) = 256, NAME(group) = 8, NAME(units) = 25 };

HEADER {
  const INTS word = UNITS(p, 17 + (g >> 2));
  const INTS place = BYTE(p, 2 + g) | (word >> (3 * (g & 3)) & 7) << 8;
  return NAME(header_of)(HALF(p, 0) * TO_FLOATS(2 * (word >> 12 & 7) + 1), NAME(entry_at)(iq1_s_codebook, place),
                         word >> 15);
}
