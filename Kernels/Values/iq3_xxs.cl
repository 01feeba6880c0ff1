// iq3_xxs: ± d · (½ + s) / 2 · q, q of 4 values from a codebook of 256; [half d][64 bytes of places in the codebook], then
// for each 32 values [4 × 7 bits of signs, 4 bits s]. A group is two entries of the codebook.
#include "Codebooks/iq3_xxs.cl"
#include "Values/codebook.cl"
#include "Values/signs.cl"

typedef ushort NAME(unit);
enum { NAME(block) = 256, NAME(group) = 8, NAME(units) = 49 };
typedef struct {
  FLOATS scale;
  INTS codes, signs;
} NAME(header);

HEADER {
  const int last = 33 + 2 * (g >> 2);
  const INTS word = UNITS(p, last) | UNITS(p, last + 1) << 16;
  const INTS places = UNITS(p, 1 + g);
  NAME(header) h;
  h.scale = HALF(p, 0) * (0.5f + TO_FLOATS(word >> 28 & 15)) * 0.5f;
  h.codes = NAME(entry_at)(iq3_xxs_codebook, places & 255) | NAME(entry_at)(iq3_xxs_codebook, places >> 8) << 12;
  h.signs = NAME(eight_signs)(word >> (7 * (g & 3)) & 127);
  return h;
}
// Codes 0 … 7 are 4, 12, 20, 28, 36, 44, 52 and 62.
VALUE {
  const INTS code = h.codes >> (3 * i) & 7;
  return h.scale * NAME(signed_float)(4 + 8 * code + ((code + 1) >> 3 << 1), h.signs, i);
}
