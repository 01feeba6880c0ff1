// A block of groups whose scales are d times whole numbers s of few bits: value = d · s · level.
//
// Each group's scale is searched for on its own. Then ROUNDS times: each group takes the s of least error, of those
// around its scale / d; and d becomes what is best for all levels and all s, Σ w x s level / Σ w (s level)². First d
// is the greatest scale / SCALE_LOWEST. The round of least error counts.
//
// Defined before: SCALE_LOWEST, SCALE_HIGHEST, and what Encoders/scale_search.cl wants but STORED.
#define STORED(block, scale) (scale)
#include "Encoders/scale_search.cl"

#define ROUNDS 3

// The sum over the block's groups, in their order.
static float block_sum(const Block *block, LOCAL_POINTER const float *values) {
  float sum = 0;
  for (int g = 0; g < GROUPS; ++g) sum += values[block->first + g];
  return sum;
}

// The whole number whose scale has the least error, and that error.
static float2 best_scale_code(const Block *block, float unit, float wanted) {
  const float nearest = clamp(rint(wanted * reciprocal(unit)), (float)SCALE_LOWEST, (float)SCALE_HIGHEST);
  float2 best = (float2)(nearest, scale_error(block, unit * nearest));
  for (int step = -1; step < 2; step += 2) {
    const float code = clamp(nearest + (float)step, (float)SCALE_LOWEST, (float)SCALE_HIGHEST);
    const float error = scale_error(block, unit * code);
    if (error < best.y) best = (float2)(code, error);
  }
  return best;
}

static float first_unit(const Block *block, float own) {
  block->shared->scale[block->item] = own;
  barrier(CLK_LOCAL_MEM_FENCE);
  float greatest = 0;
  for (int g = 0; g < GROUPS; ++g) {
    const float scale = block->shared->scale[block->first + g];
    greatest = fabs(scale) > fabs(greatest) ? scale : greatest;
  }
  return half_value(block, stored_half(block, greatest * reciprocal((float)SCALE_LOWEST)));
}

ENCODER void encode_block(Block *block) {
  LOCAL_POINTER Shared *shared = block->shared;
  const int item = block->item;
  const float wanted = best_scale(block);
  float unit = first_unit(block, wanted);
  float best_unit = 0, best_code = 0, least = INFINITY;
  for (int round = 0; round < ROUNDS; ++round) {
    const float2 chosen = best_scale_code(block, unit, wanted);
    const float2 sums = scale_sums(block, unit * chosen.x);
    shared->sums[0][item] = chosen.y;
    shared->sums[1][item] = chosen.x * sums.x;
    shared->sums[2][item] = chosen.x * chosen.x * sums.y;
    barrier(CLK_LOCAL_MEM_FENCE);
    const float error = block_sum(block, shared->sums[0]);
    const bool is_better = error < least;
    best_unit = is_better ? unit : best_unit;
    best_code = is_better ? chosen.x : best_code;
    least = is_better ? error : least;
    unit = block_sum(block, shared->sums[1]) * reciprocal(block_sum(block, shared->sums[2]));
    unit = half_value(block, stored_half(block, unit));
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  block->scale_bits = stored_half(block, best_unit);
  shared->scale_code[item] = (int)best_code;
  shared->inverse[item] = reciprocal(best_unit * best_code);
}

static int code_at(const Block *block, int k) {
  const int owner = block->first + k / GROUP;
  return nearest_code(block->shared->values[owner * GROUP_STRIDE + k % GROUP] * block->shared->inverse[owner]);
}

// The s of group g, counted from the lowest.
static int scale_code(const Block *block, int g) { return block->shared->scale_code[block->first + g] - SCALE_LOWEST; }
