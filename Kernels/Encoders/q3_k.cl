// q3_k: d · s · (q − 4), s of 16 values, six bits, from −32; [32 bytes of third bits][64 bytes of bit pairs][12 bytes of s]
// [half d], in the order that Values/q3_k.cl reads.
#define BLOCK 256
#define GROUP 16
#define BLOCK_BYTES 110
#define GREATEST_EXPONENT 23
#define LOWEST -4
#define HIGHEST 3
#define SCALE_LOWEST -32
#define SCALE_HIGHEST 31
#define SEARCH_FIRST 2.0f
#define SEARCH_STEP 0.125f
#define SEARCH_STEPS 25
#include "Encoders/super_scale.cl"
#include "Encoders/uniform_levels.cl"

ENCODER uchar encoded_byte(const Block *block, int b) {
  int bits = 0;
  if (b < 32) {
    for (int j = 0; j < 8; ++j) bits |= (code_at(block, b + 32 * j) >> 2) << j;
    return (uchar)bits;
  }
  if (b < 96) {
    const int k = 128 * ((b - 32) / 32) + b % 32;
    for (int j = 0; j < 4; ++j) bits |= (code_at(block, k + 32 * j) & 3) << (2 * j);
    return (uchar)bits;
  }
  if (b < 104) return (uchar)((scale_code(block, b - 96) & 15) | (scale_code(block, b - 88) & 15) << 4);
  if (b < 108) {
    for (int j = 0; j < 4; ++j) bits |= (scale_code(block, b - 104 + 4 * j) >> 4) << (2 * j);
    return (uchar)bits;
  }
  return half_byte(block, block->scale_bits, b - 108);
}
