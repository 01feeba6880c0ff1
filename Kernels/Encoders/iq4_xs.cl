// iq4_xs: d · s · level[q], of 16 levels, s of 32 values, six bits, from −32; [half d][8 × 2 high bits of s][8 nibbles, the low
// bits of s][128 bytes of nibbles q, 16 of each group].
#define BLOCK 256
#define GROUP 32
#define BLOCK_BYTES 136
#define GREATEST_EXPONENT 27
#define SCALE_LOWEST -32
#define SCALE_HIGHEST 31
#define SEARCH_FIRST 90.0f
#define SEARCH_STEP 4.0f
#define SEARCH_STEPS 19
#include "Encoders/iq4_levels.cl"
#include "Encoders/super_scale.cl"

ENCODER uchar encoded_byte(const Block *block, int b) {
  if (b < 2) return half_byte(block, block->scale_bits, b);
  if (b < 4) {
    int bits = 0;
    for (int j = 0; j < 4; ++j) bits |= (scale_code(block, 4 * (b - 2) + j) >> 4) << (2 * j);
    return (uchar)bits;
  }
  if (b < 8) return (uchar)((scale_code(block, 2 * b - 8) & 15) | (scale_code(block, 2 * b - 7) & 15) << 4);
  const int k = 32 * ((b - 8) / 16) + (b - 8) % 16;
  return (uchar)(code_at(block, k) | code_at(block, k + 16) << 4);
}
