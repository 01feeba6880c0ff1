// Y = epilogue(X · Wᵀ), W sparse with a pattern that rows share, many tokens: the operands, layout and bits of
// sparse_wide.cl. Weights and their places are decoded once for all register tiles of an item, some spans at a time.
//
//   for each chunk of spans:  decoded ← the kept values of 16·ROW_VECTORS rows, places ← their k, in the caches
//                             sums of each tile ← fma over the chunk, kept in the caches between chunks
//
// Parameters, operands as sparse_wide.cl
// Defines    TOKENS_PER_ITEM ROW_VECTORS (divides GROUP_ROWS / 16) MAXIMUM_TILES CHUNK (kept values, at least KEPT)
//            EPILOGUE_… and those of Common/patterns.cl
// Needs      nothing beyond OpenCL C 1.2
// Launch     as sparse_wide.cl, `tiles` at most MAXIMUM_TILES
// Private    (MAXIMUM_TILES·TOKENS_PER_ITEM·SUM_VECTORS + CHUNK·ROW_VECTORS)·16 floats, CHUNK ints
// Numbers    as sparse_wide.cl
#include "Common/patterns.cl"
#include "MatMul/wide_tile.cl"

#if !defined(TOKENS_PER_ITEM) || !defined(MAXIMUM_TILES) || !defined(CHUNK)
#error "TOKENS_PER_ITEM, MAXIMUM_TILES and CHUNK must be defined"
#endif

#define CHUNK_SPANS (CHUNK / KEPT)

// `kept` values of a span of 16 rows, to every ROW_VECTORS-th vector.
TILE_FUNCTION decode_span(__global const weight_unit *w, TILE_UNIFORMS, int row, int s, int kept, float16 *decoded) {
  __global const weight_unit *units = SPAN_POINTER(w, row, s);
  const weight_header scale = weight_header_at(units, 0);
  units += HEADER_UNITS * UNIT_STRIDE;
  for (int position = 0; position < kept; position += VALUES_PER_UNIT) {
#pragma unroll
    for (int i = 0; i < VALUES_PER_UNIT; ++i)
      if (position + i < kept) decoded[(position + i) * ROW_VECTORS] = weight_value_at(units, 0, i, scale);
    units += UNIT_STRIDE;
  }
}

// One tile over one chunk of `count` kept values.
TILE_FUNCTION add_chunk(__global const float *const *rows, const float16 *decoded, const int *places, float16 *tile,
                        int count) {
  float16 sums[TOKENS_PER_ITEM][ROW_VECTORS];
#pragma unroll
  for (int t = 0; t < TOKENS_PER_ITEM; ++t)
#pragma unroll
    for (int v = 0; v < ROW_VECTORS; ++v) sums[t][v] = tile[t * SUM_VECTORS + v];

  for (int p = 0; p < count; ++p) {
    const int k = places[p];
#pragma unroll
    for (int t = 0; t < TOKENS_PER_ITEM; ++t) {
      const float16 x = (float16)(rows[t][k]);
#pragma unroll
      for (int v = 0; v < ROW_VECTORS; ++v) sums[t][v] = fma(x, decoded[p * ROW_VECTORS + v], sums[t][v]);
    }
  }

#pragma unroll
  for (int t = 0; t < TOKENS_PER_ITEM; ++t)
#pragma unroll
    for (int v = 0; v < ROW_VECTORS; ++v) tile[t * SUM_VECTORS + v] = sums[t][v];
}

// The tokens from `first_token` on, at most `tiles` tiles of them.
TILE_FUNCTION matmul_chunks(__global const float *x, __global const weight_unit *w, __global const float *bias,
                            __global const float *r, __global float *y, TILE_UNIFORMS, int first_token,
                            int first_group) {
  const int tokens = (int)P_tokens;
  const int groups = ((int)P_outputs + 15) / 16;
  const int kept = KEPT_NOW;
  const int tiles = min((int)P_tiles, (tokens - first_token + TOKENS_PER_ITEM - 1) / TOKENS_PER_ITEM);

  float16 decoded[CHUNK_SPANS * KEPT * ROW_VECTORS];
  int places[CHUNK_SPANS * KEPT];
  float16 sums[MAXIMUM_TILES * TOKENS_PER_ITEM * SUM_VECTORS];
  for (int i = 0; i < tiles * TOKENS_PER_ITEM * SUM_VECTORS; ++i) sums[i] = (float16)(0.0f);

  for (int half_vectors = 0; half_vectors < SUM_VECTORS; half_vectors += ROW_VECTORS) {
    const int first_row = SUM_GROUP(first_group, groups, half_vectors) * 16;
    const int last_span = LAST_SPAN(w, first_row);
    for (int first = FIRST_SPAN(w, first_row); first < last_span; first += CHUNK_SPANS) {
      const int spans = min(CHUNK_SPANS, last_span - first);
      for (int s = 0; s < spans; ++s) {
        const int input = SPAN_INPUT(w, first + s);
#if defined(PATTERN_VECTORS)
        __global const uchar *indices = SPAN_INDICES(w, first_row, first + s);
#endif
        for (int position = 0; position < kept; ++position)
          places[s * kept + position] = input + SPAN_INDEX(indices, position);
        for (int v = 0; v < ROW_VECTORS; ++v)
          decode_span(w, uniforms, block, SUM_GROUP(first_group, groups, half_vectors + v) * 16, first + s, kept,
                      decoded + s * kept * ROW_VECTORS + v);
      }
      for (int tile = 0; tile < tiles; ++tile) {
        // Past the end the last token is computed again and not stored.
        __global const float *rows[TOKENS_PER_ITEM];
#pragma unroll
        for (int t = 0; t < TOKENS_PER_ITEM; ++t)
          rows[t] = x + (long)min(first_token + tile * TOKENS_PER_ITEM + t, tokens - 1) * P_x_stride;
        add_chunk(rows, decoded, places, sums + tile * TOKENS_PER_ITEM * SUM_VECTORS + half_vectors, spans * kept);
      }
    }
  }

  for (int i = 0; i < tiles * TOKENS_PER_ITEM; ++i)
    for (int v = 0; v < SUM_VECTORS; ++v)
      sums[i * SUM_VECTORS + v] = ROW_SUM_WIDE(sums[i * SUM_VECTORS + v], w, SUM_GROUP(first_group, groups, v) * 16);
  store_sums(sums, min(tiles * TOKENS_PER_ITEM, tokens - first_token), bias, r, y, uniforms, block, first_token,
             first_group);
}

__kernel WIDE_KERNEL void matmul_sparse_chunks_wide(
    __global const float *restrict x, __global const weight_unit *restrict w, __global const float *restrict bias,
    __global const float *restrict r, __global float *restrict y, UNIFORMS) {
  const long first_token = get_group_id(0) * P_tiles * TOKENS_PER_ITEM;
  matmul_chunks(x + P_x_offset, w, bias + P_bias_offset, r + P_r_offset, y + P_y_offset, uniforms, block,
                (int)first_token, get_group_id(1) * ROW_VECTORS);
}
