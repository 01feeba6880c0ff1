// The products of direct_wide.cl where every value is kept: a block of K for all vectors at once.
#define PASS_VECTORS SUM_VECTORS
#define ROW_SUM_WIDE(sum, w, row) (sum)

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
      weight_header headers[PASS_VECTORS];
#pragma unroll
      for (int v = 0; v < PASS_VECTORS; ++v) {
        units[v] = weights[v] + (long)b * (STEP * BLOCK_STRIDE);
        headers[v] = weight_header_at(units[v], g);
      }
#pragma unroll
      for (int k = 0; k < weight_group; ++k) {
        VALUES weight[PASS_VECTORS];
#pragma unroll
        for (int v = 0; v < PASS_VECTORS; ++v) weight[v] = WEIGHT_STEP(units[v], g, k, headers[v]);
#pragma unroll
        for (int t = 0; t < TOKENS_PER_ITEM; ++t) {
          const VALUES input = INPUT_STEP(rows[t] + b * (STEP * weight_block) + g * weight_group + k);
#pragma unroll
          for (int v = 0; v < PASS_VECTORS; ++v) MULTIPLY_ADD(sums[t][v], input, weight[v]);
        }
      }
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
