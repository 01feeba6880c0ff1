// Y = epilogue(X · Wᵀ), W packed, many tokens: the operands, layout and bits of packed_wide.cl. Weights are decoded
// once for all register tiles of an item, a chunk of K at a time, so that decoding costs nothing beside the products.
//
//   for each chunk of CHUNK values of K:  decoded ← CHUNK × 16·ROW_VECTORS weights, in the caches
//                                         sums of each tile ← fma over the chunk, kept in the caches between chunks
//
// Parameters, operands as packed_wide.cl, unbatched
// Defines    TOKENS_PER_ITEM ROW_VECTORS MAXIMUM_TILES CHUNK (of whole groups) DOT_BFLOAT16 EPILOGUE_… WEIGHT
// Needs      nothing beyond OpenCL C 1.2, or what Common/dot_products.cl does
// Launch     as packed_wide.cl, `tiles` at most MAXIMUM_TILES
// Private    (MAXIMUM_TILES·TOKENS_PER_ITEM + CHUNK)·16·SUM_VECTORS floats
// Numbers    as packed_wide.cl
#include "Common/dot_products.cl"
#include "Common/weights.cl"
#include "MatMul/wide_tile.cl"

#if !defined(TOKENS_PER_ITEM) || !defined(MAXIMUM_TILES) || !defined(CHUNK)
#error "TOKENS_PER_ITEM, MAXIMUM_TILES and CHUNK must be defined"
#endif

#define CHUNK_STEPS (CHUNK / STEP)

REQUIRE(CHUNK % (STEP * weight_group) == 0, a_chunk_is_whole_groups);

// `count` values of K of 16 rows from value `first` on to every SUM_VECTORS-th vector. A chunk may begin in a block.
TILE_FUNCTION decode_chunk(__global const weight_unit *w, VALUES *decoded, int first, int count) {
  for (int step = 0; step < count / (STEP * weight_group); ++step) {
    const int k = first + step * (STEP * weight_group);
    __global const weight_unit *units = w + (long)(k / weight_block) * BLOCK_STRIDE;
    const int g = k % weight_block / weight_group;
    const weight_header header = weight_header_at(units, g);
#pragma unroll
    for (int i = 0; i < weight_group; ++i)
      decoded[(step * weight_group + i) * SUM_VECTORS] = WEIGHT_STEP(units, g, i, header);
  }
#if STEP == 2
  if (count % 2) decoded[count / 2 * SUM_VECTORS] = LAST_WEIGHT(w + (long)(first + count - 1) * BLOCK_STRIDE);
#endif
}

// One tile over one chunk. `rows` are the tile's tokens at the chunk's first value.
TILE_FUNCTION add_chunk(__global const INPUT *const *rows, const VALUES *decoded, float16 *tile, int count) {
  float16 sums[TOKENS_PER_ITEM][SUM_VECTORS];
#pragma unroll
  for (int t = 0; t < TOKENS_PER_ITEM; ++t)
#pragma unroll
    for (int v = 0; v < SUM_VECTORS; ++v) sums[t][v] = tile[t * SUM_VECTORS + v];

  for (int step = 0; step < count / STEP; ++step) {
#pragma unroll
    for (int t = 0; t < TOKENS_PER_ITEM; ++t) {
      const VALUES input = INPUT_STEP(rows[t] + step * STEP);
#pragma unroll
      for (int v = 0; v < SUM_VECTORS; ++v) MULTIPLY_ADD(sums[t][v], input, decoded[step * SUM_VECTORS + v]);
    }
  }
#if STEP == 2
  if (count % 2) {
#pragma unroll
    for (int t = 0; t < TOKENS_PER_ITEM; ++t) {
      const VALUES input = LAST_INPUT(rows[t] + count - 1);
#pragma unroll
      for (int v = 0; v < SUM_VECTORS; ++v) MULTIPLY_ADD(sums[t][v], input, decoded[count / 2 * SUM_VECTORS + v]);
    }
  }
#endif

#pragma unroll
  for (int t = 0; t < TOKENS_PER_ITEM; ++t)
#pragma unroll
    for (int v = 0; v < SUM_VECTORS; ++v) tile[t * SUM_VECTORS + v] = sums[t][v];
}

// The tokens from `first_token` on, at most `tiles` tiles of them.
TILE_FUNCTION matmul_chunks(__global const INPUT *x, __global const weight_unit *w, __global const float *bias,
                            __global const float *r, __global float *y, TILE_UNIFORMS, int first_token,
                            int first_group) {
  const int tokens = (int)P_tokens;
  const int outputs = (int)P_outputs;
  const int blocks = (int)P_blocks;
  const int inputs = blocks * weight_block;
  const int groups = (outputs + 15) / 16;
  const int tiles = min((int)P_tiles, (tokens - first_token + TOKENS_PER_ITEM - 1) / TOKENS_PER_ITEM);

  VALUES decoded[CHUNK_STEPS * SUM_VECTORS];
  float16 sums[MAXIMUM_TILES * TOKENS_PER_ITEM * SUM_VECTORS];
  for (int i = 0; i < tiles * TOKENS_PER_ITEM * SUM_VECTORS; ++i) sums[i] = (float16)(0.0f);

  for (int first = 0; first < inputs; first += CHUNK) {
    const int count = min(CHUNK, inputs - first);
    for (int v = 0; v < SUM_VECTORS; ++v) {
      __global const weight_unit *weights = BLOCK_POINTER(w, SUM_GROUP(first_group, groups, v), blocks, 0);
      decode_chunk(weights, decoded + v, first, count);
    }
    for (int tile = 0; tile < tiles; ++tile) {
      // Past the end the last token is computed again and not stored.
      __global const INPUT *rows[TOKENS_PER_ITEM];
#pragma unroll
      for (int t = 0; t < TOKENS_PER_ITEM; ++t) {
        const int token = min(first_token + tile * TOKENS_PER_ITEM + t, tokens - 1);
        rows[t] = x + (long)token * P_x_stride + first;
      }
      add_chunk(rows, decoded, sums + tile * TOKENS_PER_ITEM * SUM_VECTORS, count);
    }
  }

  store_sums(sums, min(tiles * TOKENS_PER_ITEM, tokens - first_token), bias, r, y, uniforms, block, first_token,
             first_group);
}

__kernel WIDE_KERNEL void matmul_packed_chunks_wide(
    __global const INPUT *restrict x, __global const weight_unit *restrict w, __global const float *restrict bias,
    __global const float *restrict r, __global float *restrict y, UNIFORMS) {
  const long first_token = get_group_id(0) * P_tiles * TOKENS_PER_ITEM;
  matmul_chunks(x + P_x_offset, w, bias + P_bias_offset, r + P_r_offset, y + P_y_offset, uniforms, block,
                (int)first_token, get_group_id(1) * ROW_VECTORS);
}
