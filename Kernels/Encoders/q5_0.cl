// q5_0: d · (q − 16); [half d][32 fifth bits][32 nibbles].
#define BLOCK 32
#define GROUP 32
#define BLOCK_BYTES 22
#define GREATEST_EXPONENT 20
#define LOWEST -16
#define HIGHEST 15
#define SEARCH_FIRST 13.0f
#define SEARCH_STEP 0.25f
#define SEARCH_STEPS 21
#include "Encoders/block_scale.cl"
#include "Encoders/nibbles.cl"
#include "Encoders/uniform_levels.cl"

ENCODER uchar encoded_byte(const Block *block, int b) {
  if (b < 2) return half_byte(block, block->scale_bits, b);
  return b < 6 ? fifth_bits(block, b - 2) : nibbles(block, b - 6);
}
