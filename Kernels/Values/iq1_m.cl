// iq1_m: d · (2s + 1) · (c ± ⅛), c of 8 values from the codebook of iq1_s; [32 bytes of places in the codebook][16 bytes of
// nibbles: 3 high bits of a place, 1 bit: an eighth less][4 × (4 × 3 bits s of 16 values, a nibble of half d)].
#include "Codebooks/iq1_s.cl"
#include "Values/iq1_values.cl"

enum { NAME(block) = 256, NAME(group) = 8, NAME(units) = 28 };

// The float of a half's bits. Halves below the least normal one are multiples of 2⁻²⁴.
DECODER FLOATS NAME(float_of_half)(INTS bits) {
  const INTS magnitude = bits & 0x7FFF;
  const INTS normal = (magnitude << 13) + (magnitude < 0x7C00 ? (INTS)(112 << 23) : (INTS)(224 << 23));
  const FLOATS value = magnitude < 0x400 ? TO_FLOATS(magnitude) * 0x1p-24f : AS_FLOATS(normal);
  return bits < 0x8000 ? value : -value;
}

HEADER {
  const INTS d =
      UNITS(p, 24) >> 12 | (UNITS(p, 25) >> 8 & 0xF0) | (UNITS(p, 26) >> 4 & 0xF00) | (UNITS(p, 27) & 0xF000);
  const INTS s = UNITS(p, 24 + (g >> 3)) >> (3 * (g >> 1 & 3)) & 7;
  const INTS nibble = BYTE(p, 32 + (g >> 1)) >> (4 * (g & 1)) & 15;
  const INTS place = BYTE(p, g) | (nibble & 7) << 8;
  return NAME(header_of)(NAME(float_of_half)(d) * TO_FLOATS(2 * s + 1), NAME(entry_at)(iq1_s_codebook, place),
                         nibble >> 3);
}
