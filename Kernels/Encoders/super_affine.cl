// A block of groups whose scales and least values are halves times whole numbers s and m of few bits:
// value = d · s · level − e · m.
//
// Each group's scale and least value are searched for on their own. Then ROUNDS times: each group takes the s and m of
// least error, of nine around its scale / d and its least value / e; and d and e become what is best for all levels, s and
// m, by two normal equations. First they are the greatest / PART_HIGHEST. The round of least error counts.
//
// Defined before: PART_HIGHEST, and what Encoders/affine_search.cl wants but STORED.
#define STORED(block, x) (x)
#define LEAST_IS_NEGATIVE
#include "Encoders/affine_search.cl"

#define ROUNDS 3

// The sum over the block's groups, in their order.
static float block_sum(const Block *block, LOCAL_POINTER const float *values) {
  float sum = 0;
  for (int g = 0; g < GROUPS; ++g) sum += values[block->first + g];
  return sum;
}

static float2 stored_pair(const Block *block, float2 units) {
  return (float2)(half_value(block, stored_half(block, units.x)), half_value(block, stored_half(block, units.y)));
}

static float2 first_units(const Block *block, float2 own) {
  block->shared->scale[block->item] = own.x;
  block->shared->least[block->item] = own.y;
  barrier(CLK_LOCAL_MEM_FENCE);
  float2 greatest = 0;
  for (int g = 0; g < GROUPS; ++g) {
    greatest.x = max(greatest.x, block->shared->scale[block->first + g]);
    greatest.y = max(greatest.y, block->shared->least[block->first + g]);
  }
  return stored_pair(block, greatest * reciprocal((float)PART_HIGHEST));
}

typedef struct {
  float scale, least, error;
} Parts;

// The whole numbers of least error.
static Parts best_parts(const Block *block, float2 units, float2 wanted) {
  const float scale = clamp(rint(wanted.x * reciprocal(units.x)), 0.0f, (float)PART_HIGHEST);
  const float least = clamp(rint(wanted.y * reciprocal(units.y)), 0.0f, (float)PART_HIGHEST);
  Parts best = {scale, least, affine_error(block, units.x * scale, units.y * least)};
  for (int step = 0; step < 9; ++step) {
    const float s = clamp(scale + (float)(step / 3 - 1), 0.0f, (float)PART_HIGHEST);
    const float m = clamp(least + (float)(step % 3 - 1), 0.0f, (float)PART_HIGHEST);
    const float error = affine_error(block, units.x * s, units.y * m);
    best.scale = error < best.error ? s : best.scale;
    best.least = error < best.error ? m : best.least;
    best.error = error < best.error ? error : best.error;
  }
  return best;
}

static void share_sums(const Block *block, float2 units, Parts parts) {
  const AffineSums sums = affine_sums(block, units.x * parts.scale, units.y * parts.least);
  LOCAL_POINTER float(*shared)[ITEMS] = block->shared->sums;
  shared[0][block->item] = parts.error;
  shared[1][block->item] = parts.scale * parts.scale * sums.square;
  shared[2][block->item] = parts.scale * parts.least * sums.level;
  shared[3][block->item] = parts.least * parts.least * sums.one;
  shared[4][block->item] = parts.scale * sums.product;
  shared[5][block->item] = parts.least * sums.x;
}

// d and e by the sums of all groups: d Σ a² − e Σ a b = Σ x a, d Σ a b − e Σ b² = Σ x b, a = s level and b = m.
static float2 refitted_units(const Block *block, float2 units) {
  LOCAL_POINTER float(*shared)[ITEMS] = block->shared->sums;
  const float aa = block_sum(block, shared[1]), ab = block_sum(block, shared[2]), bb = block_sum(block, shared[3]);
  const float xa = block_sum(block, shared[4]), xb = block_sum(block, shared[5]);
  const float determinant = fma(aa, bb, -(ab * ab));
  if (!(determinant > 0)) return stored_pair(block, (float2)(xa * reciprocal(aa), units.y));
  const float inverse = reciprocal(determinant);
  return stored_pair(block, (float2)(fma(xa, bb, -(ab * xb)) * inverse, fma(ab, xa, -(aa * xb)) * inverse));
}

ENCODER void encode_block(Block *block) {
  const int item = block->item;
  const float2 wanted = best_affine(block);
  float2 units = first_units(block, wanted), best_units = 0;
  Parts best = {0, 0, INFINITY};
  float least = INFINITY;
  for (int round = 0; round < ROUNDS; ++round) {
    const Parts parts = best_parts(block, units, wanted);
    share_sums(block, units, parts);
    barrier(CLK_LOCAL_MEM_FENCE);
    const float error = block_sum(block, block->shared->sums[0]);
    if (error < least) {
      best_units = units;
      best = parts;
      least = error;
    }
    units = refitted_units(block, units);
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  block->scale_bits = stored_half(block, best_units.x);
  block->least_bits = stored_half(block, best_units.y);
  block->shared->scale_code[item] = (int)best.scale;
  block->shared->least_code[item] = (int)best.least;
  block->shared->inverse[item] = reciprocal(best_units.x * best.scale);
  block->shared->least[item] = best_units.y * best.least;
}

static int code_at(const Block *block, int k) {
  const int owner = block->first + k / GROUP;
  const float x = block->shared->values[owner * GROUP_STRIDE + k % GROUP] + block->shared->least[owner];
  return (int)clamp(rint(x * block->shared->inverse[owner]), 0.0f, (float)(HIGHEST));
}

// The s and the m of group g.
static int scale_code(const Block *block, int g) { return block->shared->scale_code[block->first + g]; }
static int least_code(const Block *block, int g) { return block->shared->least_code[block->first + g]; }
