// q4_0: d · (q − 8); [half d][32 nibbles q].
#define BLOCK 32
#define GROUP 32
#define BLOCK_BYTES 18
#define GREATEST_EXPONENT 19
#define LOWEST -8
#define HIGHEST 7
#define SEARCH_FIRST 6.0f
#define SEARCH_STEP 0.25f
#define SEARCH_STEPS 17
#include "Encoders/block_scale.cl"
#include "Encoders/nibbles.cl"
#include "Encoders/uniform_levels.cl"

ENCODER uchar encoded_byte(const Block *block, int b) {
  if (b < 2) return half_byte(block, block->scale_bits, b);
  return nibbles(block, b - 2);
}
