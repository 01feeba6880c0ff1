// iq2_xxs: ± d · (½ + s) / 4 · q, q of 8 values from a codebook of 256; [half d], then for each 32 values [4 bytes of
// places in the codebook][4 × 7 bits of signs, 4 bits s].
#include "Codebooks/iq2_xxs.cl"
#include "Values/iq2_values.cl"

enum { NAME(block) = 256, NAME(group) = 8, NAME(units) = 33 };

HEADER {
  const int first = 1 + 4 * (g >> 2);
  const INTS word = UNITS(p, first + 2) | UNITS(p, first + 3) << 16;
  NAME(header) h;
  h.scale = HALF(p, 0) * (0.5f + TO_FLOATS(word >> 28 & 15)) * 0.25f;
  h.codes = NAME(entry_at)(iq2_xxs_codebook, BYTE(p, 2 * first + (g & 3)));
  h.signs = NAME(eight_signs)(word >> (7 * (g & 3)) & 127);
  return h;
}
