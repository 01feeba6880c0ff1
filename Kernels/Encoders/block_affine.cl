// A block whose values share two halves: value = d · level + m.
#define STORED(block, x) half_value(block, stored_half(block, x))
#include "Encoders/affine_search.cl"

ENCODER void encode_block(Block *block) {
  const float2 affine = best_affine(block);
  block->scale_bits = stored_half(block, affine.x);
  block->least_bits = stored_half(block, -affine.y);
  block->shared->inverse[block->item] = reciprocal(affine.x);
  block->shared->least[block->item] = affine.y;
}

static int code_at(const Block *block, int k) {
  const float x = block->shared->values[block->item * GROUP_STRIDE + k] + block->shared->least[block->item];
  return (int)clamp(rint(x * block->shared->inverse[block->item]), 0.0f, (float)(HIGHEST));
}
