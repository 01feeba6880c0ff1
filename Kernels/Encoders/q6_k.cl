// q6_k: d · s · (q − 32), s of 16 values; [128 bytes of nibbles][64 bytes of bit pairs][16 signed bytes s][half d], in the
// order that Values/q6_k.cl reads.
#define BLOCK 256
#define GROUP 16
#define BLOCK_BYTES 210
#define GREATEST_EXPONENT 28
#define LOWEST -32
#define HIGHEST 31
#define SCALE_LOWEST -128
#define SCALE_HIGHEST 127
#define SEARCH_FIRST 29.0f
#define SEARCH_STEP 0.25f
#define SEARCH_STEPS 17
#include "Encoders/super_scale.cl"
#include "Encoders/uniform_levels.cl"

ENCODER uchar encoded_byte(const Block *block, int b) {
  if (b < 128) {
    const int k = 128 * (b / 64) + b % 64;
    return (uchar)((code_at(block, k) & 15) | (code_at(block, k + 64) & 15) << 4);
  }
  if (b < 192) {
    const int k = 128 * ((b - 128) / 32) + b % 32;
    int bits = 0;
    for (int j = 0; j < 4; ++j) bits |= (code_at(block, k + 32 * j) >> 4) << (2 * j);
    return (uchar)bits;
  }
  if (b < 208) return (uchar)(scale_code(block, b - 192) + SCALE_LOWEST);
  return half_byte(block, block->scale_bits, b - 208);
}
