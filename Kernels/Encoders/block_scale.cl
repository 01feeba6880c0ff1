// A block whose values share one half: value = d · level.
#define STORED(block, scale) half_value(block, stored_half(block, scale))
#define SCALE_GROUPS GROUPS
#include "Encoders/scale_search.cl"

ENCODER void encode_block(Block *block) {
  const float scale = best_scale(block);
  block->scale_bits = stored_half(block, scale);
  block->shared->inverse[block->item] = reciprocal(scale);
}

static int code_at(const Block *block, int k) {
  return nearest_code(value_at(block, k) * block->shared->inverse[block->item]);
}
