// What q4_k and q5_k begin with: [half d][half e][12 bytes of s and m], as Values/six_bit_scales.cl reads them, and their
// nibbles: of 32 bytes the low ones are of a group, the high ones of the next.
#include "Encoders/super_affine.cl"

static uchar header_byte(const Block *block, int b) {
  if (b < 2) return half_byte(block, block->scale_bits, b);
  if (b < 4) return half_byte(block, block->least_bits, b - 2);
  const int g = b & 3;
  if (b < 8) return (uchar)(scale_code(block, g) | scale_code(block, g + 4) >> 4 << 6);
  if (b < 12) return (uchar)(least_code(block, g) | least_code(block, g + 4) >> 4 << 6);
  return (uchar)((scale_code(block, g + 4) & 15) | (least_code(block, g + 4) & 15) << 4);
}

static uchar group_nibbles(const Block *block, int b) {
  const int k = 64 * (b / 32) + b % 32;
  return (uchar)((code_at(block, k) & 15) | (code_at(block, k + 32) & 15) << 4);
}
