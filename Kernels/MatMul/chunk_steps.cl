// The products of chunks_wide.cl in steps of STEP values, as Common/dot_products.cl multiplies them.

// One tile over `count` kept values.
TILE_FUNCTION add_chunk(__global const INPUT *const *rows, const VALUES *decoded, const int *places, float16 *tile,
                        int count) {
  float16 sums[TOKENS_PER_ITEM][PASS_VECTORS];
#pragma unroll
  for (int t = 0; t < TOKENS_PER_ITEM; ++t)
#pragma unroll
    for (int v = 0; v < PASS_VECTORS; ++v) sums[t][v] = tile[t * SUM_VECTORS + v];

  for (int step = 0; step < count / STEP; ++step) {
    const int place = PLACE(places, step);
#pragma unroll
    for (int t = 0; t < TOKENS_PER_ITEM; ++t) {
      const VALUES input = INPUT_STEP(rows[t] + place);
#pragma unroll
      for (int v = 0; v < PASS_VECTORS; ++v) MULTIPLY_ADD(sums[t][v], input, decoded[step * PASS_VECTORS + v]);
    }
  }
#if STEP == 2
  if (count % 2) {
#pragma unroll
    for (int t = 0; t < TOKENS_PER_ITEM; ++t) {
      const VALUES input = LAST_INPUT(rows[t] + count - 1);
#pragma unroll
      for (int v = 0; v < PASS_VECTORS; ++v) MULTIPLY_ADD(sums[t][v], input, decoded[count / 2 * PASS_VECTORS + v]);
    }
  }
#endif

#pragma unroll
  for (int t = 0; t < TOKENS_PER_ITEM; ++t)
#pragma unroll
    for (int v = 0; v < PASS_VECTORS; ++v) tile[t * SUM_VECTORS + v] = sums[t][v];
}
