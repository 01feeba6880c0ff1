// The scale of a group of values, or of all groups of a block, by search: the least Σ w (x − d · level(x / d))² of
//
//   d = e / n, e the value of greatest magnitude, n of either sign from FIRST to FIRST + (STEPS − 1) · STEP,
//   then, while it gets better, the d that is best for the levels it gives: Σ w x level / Σ w level²
//
// Defined before: SEARCH_FIRST, SEARCH_STEP, SEARCH_STEPS, STORED(block, d): d as it can be stored; and SCALE_GROUPS, GROUPS where
// one scale is of a whole block, whose items then take the same way: 1 unless it is defined.
#include "Encoders/shape.cl"

#ifndef SCALE_GROUPS
#define SCALE_GROUPS 1
#endif

#define POLISHING_STEPS 4

// Of the levels, in a file of their own: the nearest to each value, and the code of the nearest.
static float4 nearest_levels(float4 x);
static int nearest_code(float x);

// The value at place k of the block.
static float value_at(const Block *block, int k) {
  return block->shared->values[(block->first + k / GROUP) * GROUP_STRIDE + k % GROUP];
}

// The sum over the groups of a scale, in their order; `number` is a place of its own.
static float scale_sum(const Block *block, int number, float own) {
#if SCALE_GROUPS == 1
  return own;
#else
  LOCAL_POINTER float *sums = block->shared->sums[number];
  sums[block->item] = own;
  barrier(CLK_LOCAL_MEM_FENCE);
  float sum = 0;
  for (int g = 0; g < SCALE_GROUPS; ++g) sum += sums[block->first + g];
  barrier(CLK_LOCAL_MEM_FENCE);
  return sum;
#endif
}

static float scale_error(const Block *block, float scale) {
  const float inverse = reciprocal(scale);
  float4 sums = 0;
  for (int k = 0; k < GROUP; k += 4) {
    const float4 x = VALUES(block, k);
    const float4 rest = fma(-scale, nearest_levels(x * inverse), x);
    sums = fma(WEIGHTS(block, k) * rest, rest, sums);
  }
  return scale_sum(block, 0, sum_of_four(sums));
}

// Σ w x level and Σ w level².
static float2 scale_sums(const Block *block, float scale) {
  const float inverse = reciprocal(scale);
  float4 products = 0, squares = 0;
  for (int k = 0; k < GROUP; k += 4) {
    const float4 x = VALUES(block, k);
    const float4 levels = nearest_levels(x * inverse);
    const float4 weighted = WEIGHTS(block, k) * levels;
    products = fma(weighted, x, products);
    squares = fma(weighted, levels, squares);
  }
  return (float2)(scale_sum(block, 0, sum_of_four(products)), scale_sum(block, 1, sum_of_four(squares)));
}

static float greatest_value(const Block *block) {
  float greatest = 0;
  for (int k = 0; k < GROUP; ++k) {
    const float x = block->shared->values[block->item * GROUP_STRIDE + k];
    greatest = fabs(x) > fabs(greatest) ? x : greatest;
  }
#if SCALE_GROUPS > 1
  LOCAL_POINTER float *values = block->shared->least;
  values[block->item] = greatest;
  barrier(CLK_LOCAL_MEM_FENCE);
  greatest = 0;
  for (int g = 0; g < SCALE_GROUPS; ++g) {
    const float x = values[block->first + g];
    greatest = fabs(x) > fabs(greatest) ? x : greatest;
  }
#endif
  return greatest;
}

static float best_scale(const Block *block) {
  const float greatest = greatest_value(block);
  float best = 0, least = scale_error(block, 0);
  for (int step = 0; step < 2 * SEARCH_STEPS; ++step) {
    const float n = SEARCH_FIRST + SEARCH_STEP * (float)(step >> 1);
    const float scale = STORED(block, greatest * reciprocal(step & 1 ? n : -n));
    const float error = scale_error(block, scale);
    best = error < least ? scale : best;
    least = error < least ? error : least;
  }
  bool improves = true;
  for (int step = 0; step < POLISHING_STEPS; ++step) {
    const float2 sums = scale_sums(block, best);
    const float scale = STORED(block, sums.x * reciprocal(sums.y));
    const float error = scale_error(block, scale);
    improves = improves && error < least;
    // Items of several groups meet at barriers: all go on then.
    if (SCALE_GROUPS == 1 && !improves) break;
    best = improves ? scale : best;
    least = improves ? error : least;
  }
  return best;
}
