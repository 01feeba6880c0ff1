// The products of direct_wide.cl where every value is kept: a block of K for all vectors at once.
#ifdef LEVEL_MAXIMUM
#include "Common/level_values.cl"
#endif
#define PASS_VECTORS SUM_VECTORS
#define ROW_SUM_WIDE(sum, w, row) ROW_ORDER(sum)

// Values of a group as one piece of code. Of levels more are more than few registers hold at a time.
#if defined(LEVEL_MAXIMUM) && !defined(__AVX512F__)
#define UNROLLED_VALUES 4
#else
#define UNROLLED_VALUES weight_group
#endif

// Adds the products of values `k` … of group g of block b, WEIGHT_STEPS steps.
TILE_FUNCTION add_steps(__global const INPUT *const *rows, __global const weight_unit *const *units, int b, int g,
                        int k, const WEIGHT_SCALES *scales, float16 (*sums)[PASS_VECTORS]) {
  VALUES weights[PASS_VECTORS][WEIGHT_STEPS];
#pragma unroll
  for (int v = 0; v < PASS_VECTORS; ++v) READ_WEIGHTS(units[v], g, k, scales[v], weights[v]);
#pragma unroll
  for (int step = 0; step < WEIGHT_STEPS; ++step)
#pragma unroll
    for (int t = 0; t < TOKENS_PER_ITEM; ++t) {
      const VALUES input = INPUT_STEP(rows[t] + b * (STEP * weight_block) + g * weight_group + k + step);
#pragma unroll
      for (int v = 0; v < PASS_VECTORS; ++v) MULTIPLY_ADD(sums[t][v], input, weights[v][step]);
    }
}

// Adds the products of rows `row_groups`·16 … of W and the tokens at `rows`.
TILE_FUNCTION add_products(__global const INPUT *const *rows, __global const weight_unit *w, TILE_UNIFORMS,
                           const int *row_groups, float16 (*sums)[PASS_VECTORS]) {
  const int blocks = (int)P_blocks;
  __global const weight_unit *weights[PASS_VECTORS];
#pragma unroll
  for (int v = 0; v < PASS_VECTORS; ++v) weights[v] = BLOCK_POINTER(w, row_groups[v], blocks, 0);

  for (int b = 0; b < blocks / STEP; ++b) {
    for (int g = 0; g < weight_block / weight_group; ++g) {
      __global const weight_unit *units[PASS_VECTORS];
      WEIGHT_SCALES scales[PASS_VECTORS];
#pragma unroll
      for (int v = 0; v < PASS_VECTORS; ++v) {
        units[v] = weights[v] + (long)b * (STEP * BLOCK_STRIDE);
        scales[v] = WEIGHT_SCALES_AT(units[v], g);
      }
      if (weight_block > 1) fetch_ahead(units, PASS_VECTORS, g);
#pragma unroll 1
      for (int first = 0; first < weight_group; first += UNROLLED_VALUES)
#pragma unroll
        for (int k = first; k < first + UNROLLED_VALUES; k += WEIGHT_STEPS)
          add_steps(rows, units, b, g, k, scales, sums);
    }
  }
#if STEP == 2
  if (blocks % 2) {
#pragma unroll
    for (int t = 0; t < TOKENS_PER_ITEM; ++t) {
      const VALUES input = LAST_INPUT(rows[t] + blocks - 1);
#pragma unroll
      for (int v = 0; v < PASS_VECTORS; ++v) {
        const VALUES weight = LAST_WEIGHT(weights[v] + (long)(blocks - 1) * BLOCK_STRIDE);
        MULTIPLY_ADD(sums[t][v], input, weight);
      }
    }
  }
#endif
}
