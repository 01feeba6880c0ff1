// q5_1: d · q + m; [half d][half m][32 fifth bits][32 nibbles].
#define BLOCK 32
#define GROUP 32
#define BLOCK_BYTES 24
#define GREATEST_EXPONENT 16
#define HIGHEST 31
#define SEARCH_FIRST 29.0f
#define SEARCH_STEP 0.25f
#define SEARCH_STEPS 15
#include "Encoders/block_affine.cl"
#include "Encoders/nibbles.cl"

ENCODER uchar encoded_byte(const Block *block, int b) {
  if (b < 2) return half_byte(block, block->scale_bits, b);
  if (b < 4) return half_byte(block, block->least_bits, b - 2);
  return b < 8 ? fifth_bits(block, b - 4) : nibbles(block, b - 8);
}
