// iq3_s: ± d · (1 + 2s) · q, q of 4 values from a codebook of 512; [half d][64 bytes of places in the codebook][8 bytes:
// eight times the highest bit of a place][32 bytes of signs][4 bytes of nibbles s, of 32 values each]. A group is two
// entries of the codebook.
#include "Codebooks/iq3_s.cl"
#include "Values/codebook.cl"
#include "Values/signs.cl"

typedef ushort NAME(unit);
enum { NAME(block) = 256, NAME(group) = 8, NAME(units) = 55 };
typedef struct {
  FLOATS scale;
  INTS codes, signs;
} NAME(header);

HEADER {
  const INTS high = BYTE(p, 66 + (g >> 2)) >> (2 * (g & 3));
  const INTS s = BYTE(p, 106 + (g >> 3)) >> (4 * (g >> 2 & 1)) & 15;
  const INTS places = UNITS(p, 1 + g);
  NAME(header) h;
  h.scale = HALF(p, 0) * TO_FLOATS(1 + 2 * s);
  h.codes = NAME(entry_at)(iq3_s_codebook, (places & 255) | (high & 1) << 8) |
            NAME(entry_at)(iq3_s_codebook, places >> 8 | (high & 2) << 7) << 12;
  h.signs = BYTE(p, 74 + g);
  return h;
}
// Codes 0 … 7 are the odd numbers from 1 on.
VALUE { return h.scale * NAME(signed_float)(1 + 2 * (h.codes >> (3 * i) & 7), h.signs, i); }
