// q5_k: d · s · q − e · m, s and m of 32 values; [half d][half e][12 bytes of s and m][32 bytes of fifth bits][128 bytes of
// nibbles]. Bit g of byte w of the fifth bits is of value w of group g.
#define BLOCK 256
#define GROUP 32
#define BLOCK_BYTES 176
#define GREATEST_EXPONENT 21
#define HIGHEST 31
#define PART_HIGHEST 63
#define SEARCH_FIRST 29.0f
#define SEARCH_STEP 0.25f
#define SEARCH_STEPS 15
#include "Encoders/six_bit_parts.cl"

ENCODER uchar encoded_byte(const Block *block, int b) {
  if (b < 16) return header_byte(block, b);
  if (b >= 48) return group_nibbles(block, b - 48);
  int bits = 0;
  for (int g = 0; g < 8; ++g) bits |= (code_at(block, b - 16 + 32 * g) >> 4) << g;
  return (uchar)bits;
}
