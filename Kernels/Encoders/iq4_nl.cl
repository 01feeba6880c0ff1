// iq4_nl: d · level[q], of 16 levels; [half d][32 nibbles q].
#define BLOCK 32
#define GROUP 32
#define BLOCK_BYTES 18
#define GREATEST_EXPONENT 22
#define SEARCH_FIRST 90.0f
#define SEARCH_STEP 4.0f
#define SEARCH_STEPS 19
#include "Encoders/block_scale.cl"
#include "Encoders/iq4_levels.cl"
#include "Encoders/nibbles.cl"

ENCODER uchar encoded_byte(const Block *block, int b) {
  return b < 2 ? half_byte(block, block->scale_bits, b) : nibbles(block, b - 2);
}
