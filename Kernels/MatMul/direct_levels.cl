// The products of direct_wide.cl where activations are levels too: whole numbers are multiplied, group by group, and each
// group's sum is scaled once.
//
// Defines   those of Common/level_dots.cl
#include "Common/level_dots.cl"
#define PASS_VECTORS SUM_VECTORS
#define ROW_SUM_WIDE(sum, w, row) (sum)

// Groups as one piece of code, in which the places of levels and scales in a block are constants. Of more vectors they
// would push each other out of the registers.
#define UNROLLED_GROUPS \
  (TOKENS_PER_ITEM * PASS_VECTORS > 1 ? 1 : weight_block / weight_group < 8 ? weight_block / weight_group : 8)

// Adds the products of group g of block b, at `units`, and of the tokens at `rows`.
TILE_FUNCTION add_level_group(__global const INPUT *const *rows, __global const weight_unit *const *units, int b, int g,
                              float16 (*sums)[PASS_VECTORS]) {
  fetch_ahead(units, PASS_VECTORS, g);
  __global const INPUT *inputs[TOKENS_PER_ITEM];
#pragma unroll
  for (int t = 0; t < TOKENS_PER_ITEM; ++t) inputs[t] = rows[t] + INPUT_BLOCKS(b, g) * INPUT_BLOCK_INTS;
  PART_INPUTS levels_of_input[TOKENS_PER_ITEM];
#pragma unroll
  for (int t = 0; t < TOKENS_PER_ITEM; ++t) levels_of_input[t] = inputs_of(inputs[t]);
  int16 products[TOKENS_PER_ITEM][PASS_VECTORS];
#pragma unroll
  for (int t = 0; t < TOKENS_PER_ITEM; ++t)
#pragma unroll
    for (int v = 0; v < PASS_VECTORS; ++v) products[t][v] = (int16)(0);
#pragma unroll
  for (int first = 0; first < weight_group; first += PART_STEP * PART_STEPS) {
    PART parts[TOKENS_PER_ITEM][PASS_VECTORS];
#pragma unroll
    for (int t = 0; t < TOKENS_PER_ITEM; ++t)
#pragma unroll
      for (int v = 0; v < PASS_VECTORS; ++v) parts[t][v] = (PART)(0);
#pragma unroll
    for (int i = first; i < first + PART_STEP * PART_STEPS; i += PART_STEP) {
      PART_LEVELS levels[PASS_VECTORS];
#pragma unroll
      for (int v = 0; v < PASS_VECTORS; ++v) levels[v] = LEVELS_STEP(units[v], g, i);
#pragma unroll
      for (int t = 0; t < TOKENS_PER_ITEM; ++t)
#pragma unroll
        for (int v = 0; v < PASS_VECTORS; ++v)
          PART_ADD(parts[t][v], levels[v], PART_INPUT(levels_of_input[t], INPUT_PLACE(g, i)));
    }
#pragma unroll
    for (int t = 0; t < TOKENS_PER_ITEM; ++t)
#pragma unroll
      for (int v = 0; v < PASS_VECTORS; ++v) products[t][v] += PART_SUM(parts[t][v]);
  }
#pragma unroll
  for (int v = 0; v < PASS_VECTORS; ++v) {
    const weight_header header = weight_header_at(units[v], g);
#pragma unroll
    for (int t = 0; t < TOKENS_PER_ITEM; ++t)
      sums[t][v] = add_group(sums[t][v], products[t][v], INPUT_SCALE(inputs[t]), INPUT_SUM(inputs[t], g),
                             weight_scale_of(header), weight_least_of(header));
  }
}

// Adds the products of rows `row_groups`·16 … of W and the tokens at `rows`.
TILE_FUNCTION add_products(__global const INPUT *const *rows, __global const weight_unit *w, TILE_UNIFORMS,
                           const int *row_groups, float16 (*sums)[PASS_VECTORS]) {
  const int blocks = (int)P_blocks;
  __global const weight_unit *units[PASS_VECTORS];
#pragma unroll
  for (int v = 0; v < PASS_VECTORS; ++v) units[v] = BLOCK_POINTER(w, row_groups[v], blocks, 0);
  for (int b = 0; b < blocks; ++b) {
    for (int first = 0; first < weight_block / weight_group; first += UNROLLED_GROUPS)
#pragma unroll
      for (int g = first; g < first + UNROLLED_GROUPS; ++g) add_level_group(rows, units, b, g, sums);
#pragma unroll
    for (int v = 0; v < PASS_VECTORS; ++v) units[v] += BLOCK_STRIDE;
  }
}
