// mxfp4: 2^(e − 128) · q, q twice a float of four bits; [byte e][16 bytes of nibbles]. Of three powers the one of least error.
#define BLOCK 32
#define GROUP 32
#define BLOCK_BYTES 17
#define LEAST_EXPONENT -126
#define GREATEST_EXPONENT 128
#include "Encoders/e2m1_levels.cl"
#include "Encoders/nibbles.cl"
#define STORED(block, scale) (scale)
#define SEARCH_FIRST 1.0f
#define SEARCH_STEP 1.0f
#define SEARCH_STEPS 0
#include "Encoders/scale_search.cl"

// The bias of e, of the values that were divided by a power of two.
static int biased(const Block *block, int power) { return 128 + power + block->exponent; }

ENCODER void encode_block(Block *block) {
  int best = -3;
  float least = INFINITY;
  for (int power = -4; power < -1; ++power) {
    const float error = scale_error(block, as_float((uint)(127 + power) << 23));
    const bool is_better = error < least && biased(block, power) >= 0 && biased(block, power) < 253;
    best = is_better ? power : best;
    least = is_better ? error : least;
  }
  block->scale_bits = block->is_refused ? 255 : (uint)max(biased(block, best), 0);
  block->shared->inverse[block->item] = reciprocal(as_float((uint)(127 + best) << 23));
}

static int code_at(const Block *block, int k) {
  return nearest_code(value_at(block, k) * block->shared->inverse[block->item]);
}

ENCODER uchar encoded_byte(const Block *block, int b) {
  return b < 1 ? (uchar)block->scale_bits : nibbles(block, b - 1);
}
