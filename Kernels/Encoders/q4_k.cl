// q4_k: d · s · q − e · m, s and m of 32 values; [half d][half e][12 bytes of s and m][128 bytes of nibbles q].
#define BLOCK 256
#define GROUP 32
#define BLOCK_BYTES 144
#define GREATEST_EXPONENT 21
#define HIGHEST 15
#define PART_HIGHEST 63
#define SEARCH_FIRST 13.5f
#define SEARCH_STEP 0.25f
#define SEARCH_STEPS 13
#include "Encoders/six_bit_parts.cl"

ENCODER uchar encoded_byte(const Block *block, int b) {
  return b < 16 ? header_byte(block, b) : group_nibbles(block, b - 16);
}
