// iq2_xxs: ± d · (½ + s) / 4 · q, q of 8 values from a table; [half d], then for each 32 values [4 bytes of places in the
// table][4 × 7 bits of signs, 4 bits s]. A group is one entry of the table. The eighth sign makes the count of minuses
// even.
#include "Values/iq2_xxs_grid.cl"
#include "Values/shape.cl"

typedef ushort NAME(unit);
enum { NAME(block) = 256, NAME(group) = 8, NAME(units) = 33 };
typedef struct {
  FLOATS scale;
  INTS codes, signs;
} NAME(header);

DECODER INTS NAME(codes_at)(INTS place) {
#if LANES == 16
  int16 codes;
  codes.s0 = iq2_xxs_grid[place.s0], codes.s1 = iq2_xxs_grid[place.s1], codes.s2 = iq2_xxs_grid[place.s2];
  codes.s3 = iq2_xxs_grid[place.s3], codes.s4 = iq2_xxs_grid[place.s4], codes.s5 = iq2_xxs_grid[place.s5];
  codes.s6 = iq2_xxs_grid[place.s6], codes.s7 = iq2_xxs_grid[place.s7], codes.s8 = iq2_xxs_grid[place.s8];
  codes.s9 = iq2_xxs_grid[place.s9], codes.sa = iq2_xxs_grid[place.sa], codes.sb = iq2_xxs_grid[place.sb];
  codes.sc = iq2_xxs_grid[place.sc], codes.sd = iq2_xxs_grid[place.sd], codes.se = iq2_xxs_grid[place.se];
  codes.sf = iq2_xxs_grid[place.sf];
  return codes;
#else
  return iq2_xxs_grid[place];
#endif
}

HEADER {
  const int first = 1 + 4 * (g >> 2);
  const INTS word = UNITS(p, first + 2) | UNITS(p, first + 3) << 16;
  const INTS signs = word >> (7 * (g & 3)) & 127;
  const INTS pairs = signs ^ signs >> 4;
  NAME(header) h;
  h.scale = HALF(p, 0) * (0.5f + TO_FLOATS(word >> 28 & 15)) * 0.25f;
  h.codes = NAME(codes_at)(BYTE(p, 2 * first + (g & 3)));
  // Four bits as a place among 16: which of them are odd in number.
  h.signs = signs | ((INTS)(0x6996) >> (pairs & 15) & 1) << 7;
  return h;
}
// Codes 0, 1, 2 are 8, 25, 43.
VALUE {
  const INTS code = h.codes >> (2 * i) & 3;
  const INTS sign = -(h.signs >> i & 1);
  return h.scale * TO_FLOATS(((8 + 17 * code + (code >> 1)) ^ sign) - sign);
}
