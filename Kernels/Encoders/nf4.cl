// nf4: d · level[q], of 16 levels from −1 to 1; [float d][64 nibbles q, of each 32 as in q4_0]. d is the greatest magnitude. The
// nearest level is found by what lies halfway between neighbours, rounded; on such a place is the lower one.
#define BLOCK 64
#define GROUP 32
#define BLOCK_BYTES 36
#define LEAST_EXPONENT -124
#define GREATEST_EXPONENT 127
#define SEARCH_FIRST 0.6875f
#define SEARCH_STEP 0.0625f
#define SEARCH_STEPS 11
#define PLAIN_SCALE(greatest) (greatest)
#include "Codebooks/nf4.cl"
#include "Encoders/float_scale.cl"
#include "Encoders/nibbles.cl"

static float nf4_level(int code) { return as_float(nf4_codebook[code]); }

static float4 nearest_levels(float4 x) {
  float4 level = nf4_level(0);
  for (int code = 1; code < 16; ++code) {
    const float next = nf4_level(code);
    level = select(level, (float4)(next), isgreater(x, (float4)(0.5f * (nf4_level(code - 1) + next))));
  }
  return level;
}

static int nearest_code(float x) {
  int nearest = 0;
  for (int code = 1; code < 16; ++code) nearest += x > 0.5f * (nf4_level(code - 1) + nf4_level(code)) ? 1 : 0;
  return nearest;
}

static int code_at(const Block *block, int k) {
  return nearest_code(value_at(block, k) * block->shared->inverse[block->item]);
}

ENCODER uchar encoded_byte(const Block *block, int b) { return b < 4 ? scale_byte(block, b) : nibbles(block, b - 4); }
