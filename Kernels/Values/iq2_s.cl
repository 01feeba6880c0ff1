// iq2_s: ± d · (½ + s) / 4 · q, q of 8 values from a codebook of 1024; [half d][32 bytes of places in the codebook][32
// bytes of signs][8 bytes: four times two high bits of places][8 bytes of nibbles s, of 16 values each].
#include "Codebooks/iq2_s.cl"
#include "Values/iq2_values.cl"

enum { NAME(block) = 256, NAME(group) = 8, NAME(units) = 41 };

HEADER {
  const INTS high = BYTE(p, 66 + (g >> 2)) >> (2 * (g & 3)) & 3;
  const INTS s = BYTE(p, 74 + (g >> 2)) >> (4 * (g >> 1 & 1)) & 15;
  NAME(header) h;
  h.scale = HALF(p, 0) * (0.5f + TO_FLOATS(s)) * 0.25f;
  h.codes = NAME(entry_at)(iq2_s_codebook, BYTE(p, 2 + g) | high << 8);
  h.signs = BYTE(p, 34 + g);
  return h;
}
