// The scale and the least value of a group, value = d · level − m, by search: the least Σ w (x − d · level + m)² of
//
//   d = (max − min) / n, m = −min, n from FIRST to FIRST + (STEPS − 1) · STEP,
//   and of each what is best for the levels it gives, by two normal equations; then that again, while it gets better
//
// With LEAST_IS_NEGATIVE the least value is not above 0: m ≥ 0.
//
// Defined before: HIGHEST (levels are whole numbers from 0), SEARCH_FIRST, SEARCH_STEP, SEARCH_STEPS, and STORED(block, x).
#include "Encoders/shape.cl"

#define POLISHING_STEPS 4

static float4 levels_above(float4 x, float inverse) { return clamp(rint(x * inverse), 0.0f, (float)(HIGHEST)); }

static float affine_error(const Block *block, float scale, float least) {
  const float inverse = reciprocal(scale);
  float4 sums = 0;
  for (int k = 0; k < GROUP; k += 4) {
    const float4 x = VALUES(block, k) + least;
    const float4 rest = fma(-scale, levels_above(x, inverse), x);
    sums = fma(WEIGHTS(block, k) * rest, rest, sums);
  }
  return sum_of_four(sums);
}

typedef struct {
  // Σ w, Σ w level, Σ w level², Σ w x, Σ w x level
  float one, level, square, x, product;
} AffineSums;

static AffineSums affine_sums(const Block *block, float scale, float least) {
  const float inverse = reciprocal(scale);
  float4 one = 0, level = 0, square = 0, x = 0, product = 0;
  for (int k = 0; k < GROUP; k += 4) {
    const float4 value = VALUES(block, k), w = WEIGHTS(block, k);
    const float4 levels = levels_above(value + least, inverse);
    const float4 weighted = w * levels;
    one += w;
    level += weighted;
    square = fma(weighted, levels, square);
    x = fma(w, value, x);
    product = fma(weighted, value, product);
  }
  const AffineSums sums = {sum_of_four(one), sum_of_four(level), sum_of_four(square), sum_of_four(x),
                           sum_of_four(product)};
  return sums;
}

// Scale and least value that are best for the levels that others give.
static float2 refitted(const Block *block, float2 affine) {
  const AffineSums sums = affine_sums(block, affine.x, affine.y);
  const float determinant = fma(sums.one, sums.square, -(sums.level * sums.level));
  if (!(determinant > 0)) return affine;
  float scale = fma(sums.one, sums.product, -(sums.x * sums.level)) * reciprocal(determinant);
  float least = -(fma(-scale, sums.level, sums.x) * reciprocal(sums.one));
#ifdef LEAST_IS_NEGATIVE
  if (!(least > 0)) {
    least = 0;
    scale = sums.product * reciprocal(sums.square);
  }
#endif
  return (float2)(STORED(block, scale), STORED(block, least));
}

static float2 best_affine(const Block *block) {
  float lowest = block->shared->values[block->item * GROUP_STRIDE], highest = lowest;
  for (int k = 1; k < GROUP; ++k) {
    const float x = block->shared->values[block->item * GROUP_STRIDE + k];
    lowest = min(lowest, x);
    highest = max(highest, x);
  }
#ifdef LEAST_IS_NEGATIVE
  lowest = min(lowest, 0.0f);
#endif
  float2 best = (float2)(0, STORED(block, -lowest));
  float error = affine_error(block, best.x, best.y);
  const float least = best.y;
  for (int step = 0; step < 2 * SEARCH_STEPS; ++step) {
    const float n = SEARCH_FIRST + SEARCH_STEP * (float)(step >> 1);
    float2 affine = (float2)(STORED(block, (highest - lowest) * reciprocal(n)), least);
    if (step & 1) affine = refitted(block, affine);
    const float other = affine_error(block, affine.x, affine.y);
    best = other < error ? affine : best;
    error = other < error ? other : error;
  }
  for (int step = 0; step < POLISHING_STEPS; ++step) {
    const float2 affine = refitted(block, best);
    const float other = affine_error(block, affine.x, affine.y);
    if (!(other < error)) break;
    best = affine;
    error = other;
  }
  return best;
}
