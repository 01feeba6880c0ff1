// q4_1: d · q + m; [half d][half m][32 nibbles q].
#define BLOCK 32
#define GROUP 32
#define BLOCK_BYTES 20
#define GREATEST_EXPONENT 16
#define HIGHEST 15
#define SEARCH_FIRST 13.5f
#define SEARCH_STEP 0.25f
#define SEARCH_STEPS 13
#include "Encoders/block_affine.cl"
#include "Encoders/nibbles.cl"

ENCODER uchar encoded_byte(const Block *block, int b) {
  if (b < 2) return half_byte(block, block->scale_bits, b);
  return b < 4 ? half_byte(block, block->least_bits, b - 2) : nibbles(block, b - 4);
}
