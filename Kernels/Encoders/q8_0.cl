// q8_0: d · q; [half d][32 signed bytes q]. −128 is not used.
#define BLOCK 32
#define GROUP 32
#define BLOCK_BYTES 34
#define GREATEST_EXPONENT 23
#define LOWEST -127
#define HIGHEST 127
#define SEARCH_FIRST 125.0f
#define SEARCH_STEP 0.25f
#define SEARCH_STEPS 13
#include "Encoders/block_scale.cl"
#include "Encoders/nibbles.cl"
#include "Encoders/uniform_levels.cl"

ENCODER uchar encoded_byte(const Block *block, int b) {
  if (b < 2) return half_byte(block, block->scale_bits, b);
  return (uchar)(code_at(block, b - 2) + LOWEST);
}
