// iq2_xs: ± d · (½ + s) / 4 · q, q of 8 values from a codebook of 512; [half d][32 × (9 bits of a place in the codebook, 7
// bits of signs)][8 bytes of nibbles s, of 16 values each].
#include "Codebooks/iq2_xs.cl"
#include "Values/iq2_values.cl"

enum { NAME(block) = 256, NAME(group) = 8, NAME(units) = 37 };

HEADER {
  const INTS word = UNITS(p, 1 + g);
  const INTS s = BYTE(p, 66 + (g >> 2)) >> (4 * (g >> 1 & 1)) & 15;
  NAME(header) h;
  h.scale = HALF(p, 0) * (0.5f + TO_FLOATS(s)) * 0.25f;
  h.codes = NAME(entry_at)(iq2_xs_codebook, word & 511);
  h.signs = NAME(eight_signs)(word >> 9);
  return h;
}
