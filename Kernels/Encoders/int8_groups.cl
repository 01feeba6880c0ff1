// Levels of eight bits with a scale before them, d · q: [half d][signed bytes q]. BLOCK and BLOCK_BYTES are defined before.
#define GROUP 32
#define GREATEST_EXPONENT 23
#define LOWEST -127
#define HIGHEST 127
#define SEARCH_FIRST 125.0f
#define SEARCH_STEP 0.25f
#define SEARCH_STEPS 13
#include "Encoders/block_scale.cl"
#include "Encoders/uniform_levels.cl"

ENCODER uchar encoded_byte(const Block *block, int b) {
  return b < 2 ? half_byte(block, block->scale_bits, b) : (uchar)(code_at(block, b - 2) + LOWEST);
}
