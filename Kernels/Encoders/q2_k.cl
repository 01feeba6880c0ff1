// q2_k: d · s · q − e · m, s and m of 16 values; [16 bytes, s low and m high][64 bytes of bit pairs q][half d][half e].
#define BLOCK 256
#define GROUP 16
#define BLOCK_BYTES 84
#define GREATEST_EXPONENT 19
#define HIGHEST 3
#define PART_HIGHEST 15
#define SEARCH_FIRST 1.5f
#define SEARCH_STEP 0.125f
#define SEARCH_STEPS 25
#include "Encoders/super_affine.cl"

ENCODER uchar encoded_byte(const Block *block, int b) {
  if (b < 16) return (uchar)(scale_code(block, b) | least_code(block, b) << 4);
  if (b >= 80)
    return b < 82 ? half_byte(block, block->scale_bits, b - 80) : half_byte(block, block->least_bits, b - 82);
  const int k = 128 * ((b - 16) / 32) + (b - 16) % 32;
  int bits = 0;
  for (int j = 0; j < 4; ++j) bits |= code_at(block, k + 32 * j) << (2 * j);
  return (uchar)bits;
}
