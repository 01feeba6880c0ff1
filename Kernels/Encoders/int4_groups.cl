// Levels of four bits with a scale before them, d · (q − 8): [half d][nibbles q]. BLOCK and BLOCK_BYTES are defined before.
#define GROUP 32
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
  return b < 2 ? half_byte(block, block->scale_bits, b) : nibbles(block, b - 2);
}
