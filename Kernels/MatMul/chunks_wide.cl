// Y = epilogue(X · Wᵀ), W packed or sparse with a pattern that rows share, many tokens: the operands, layouts and bits of
// direct_wide.cl. Weights are decoded once for all register tiles of an item, a chunk of kept values at a time, so that
// decoding costs little beside the products.
//
//   for each chunk of CHUNK kept values:  decoded ← CHUNK × 16·ROW_VECTORS weights, in the caches
//                                         sums of each tile ← fma over the chunk, kept in the caches between chunks
//
//   matmul_packed_chunks_wide  w packed: MatMul/chunk_dense.cl; (INPUT_LEVELS) MatMul/chunk_levels.cl
//   matmul_sparse_chunks_wide  (SPAN) w sparse: MatMul/chunk_shared.cl
//
// Such a file says what a *part* of K is, a value or a span, and walks parts:
//
//   PASS_VECTORS                      sum vectors of one pass over K
//   FIRST_PART, LAST_PART (w, row)    the parts of a row; CHUNK_PARTS of them are a chunk, KEPT_OF_PART values each
//   CHUNK_STEPS, CHUNK_PLACES         the room for a chunk's decoded steps, each a DECODED, and for their places
//   list_places, PLACE(places, step)  where a step's input is, from FIRST_INPUT(part) on
//   decode_chunk                      the steps of 16 rows, to every PASS_VECTORS-th of them
//   add_chunk                         the products of a tile: of steps of STEP values in MatMul/chunk_steps.cl
//   scale_sums                        makes of sums what the epilogue takes
//
// Parameters, operands as direct_wide.cl, unbatched
// Defines    TOKENS_PER_ITEM ROW_VECTORS MAXIMUM_TILES CHUNK DOT_BFLOAT16 EPILOGUE_… WEIGHT; packed: CHUNK of whole groups;
//            sparse: CHUNK at least KEPT, ROW_VECTORS divides GROUP_ROWS / 16, those of Common/patterns.cl
// Needs      nothing beyond OpenCL C 1.2, or what Common/dot_products.cl does
// Launch     as direct_wide.cl, `tiles` at most MAXIMUM_TILES
// Private    (MAXIMUM_TILES·TOKENS_PER_ITEM·SUM_VECTORS + CHUNK·PASS_VECTORS)·16 floats; sparse: CHUNK ints
// Numbers    as direct_wide.cl
#include "Common/dot_products.cl"
#include "MatMul/wide_tile.cl"

#if !defined(TOKENS_PER_ITEM) || !defined(MAXIMUM_TILES) || !defined(CHUNK)
#error "TOKENS_PER_ITEM, MAXIMUM_TILES and CHUNK must be defined"
#endif

#if defined(SPAN) && (DOT_BFLOAT16 || INPUT_LEVELS)
#error "a sparse product has float activations"
#endif

#ifndef SPAN
#include "Common/weights.cl"
#if INPUT_LEVELS
#include "MatMul/chunk_levels.cl"
#else
#include "MatMul/chunk_dense.cl"
#endif
#else
#include "Common/patterns.cl"
#include "MatMul/chunk_shared.cl"
#endif
#if !INPUT_LEVELS
#include "MatMul/chunk_steps.cl"
#endif

// The `tiles` register tiles from `first_token` on, of tokens before `tokens`. x, bias, r and y start at row 0.
TILE_FUNCTION matmul_chunks(__global const INPUT *x, __global const weight_unit *w, __global const float *bias,
                            __global const float *r, __global float *y, TILE_UNIFORMS, __global const int *order,
                            int tokens, int first_token, int first_group) {
  const int groups = ((int)P_outputs + 15) / 16;
  const int tiles = min((int)P_tiles, (tokens - first_token + TOKENS_PER_ITEM - 1) / TOKENS_PER_ITEM);

  DECODED decoded[CHUNK_STEPS * PASS_VECTORS];
  int places[CHUNK_PLACES];
  float16 sums[MAXIMUM_TILES * TOKENS_PER_ITEM * SUM_VECTORS];
  for (int i = 0; i < tiles * TOKENS_PER_ITEM * SUM_VECTORS; ++i) sums[i] = (float16)(0.0f);

  for (int pass = 0; pass < SUM_VECTORS; pass += PASS_VECTORS) {
    const int first_row = SUM_GROUP(first_group, groups, pass) * 16;
    const int end = LAST_PART(w, first_row);
    for (int first = FIRST_PART(w, first_row); first < end; first += CHUNK_PARTS) {
      const int parts = min(CHUNK_PARTS, end - first);
      list_places(w, uniforms, block, first_row, first, parts, places);
      for (int v = 0; v < PASS_VECTORS; ++v)
        decode_chunk(w, uniforms, block, SUM_GROUP(first_group, groups, pass + v), first, parts, decoded + v);
      for (int tile = 0; tile < tiles; ++tile) {
        // Past the end the last token is computed again and not stored.
        __global const INPUT *rows[TOKENS_PER_ITEM];
#pragma unroll
        for (int t = 0; t < TOKENS_PER_ITEM; ++t) {
          const int token = min(first_token + tile * TOKENS_PER_ITEM + t, tokens - 1);
          rows[t] = x + (long)INPUT_ROW(token) * P_x_stride + FIRST_INPUT(first);
        }
        add_chunk(rows, decoded, places, sums + tile * TOKENS_PER_ITEM * SUM_VECTORS + pass, parts * KEPT_OF_PART);
      }
    }
  }

  const int count = min(tiles * TOKENS_PER_ITEM, tokens - first_token);
  scale_sums(w, uniforms, block, sums, count, first_group, groups);
  store_sums(sums, count, bias, r, y, uniforms, block, order, first_token, first_group);
}

#ifndef BY_EXPERT
TILE_FUNCTION matmul_item(__global const INPUT *x, __global const weight_unit *w, __global const float *bias,
                          __global const float *r, __global float *y, TILE_UNIFORMS, long item, long row_tile) {
  matmul_chunks(x + P_x_offset, w, bias + P_bias_offset, r + P_r_offset, y + P_y_offset, uniforms, block, NO_ORDER,
                (int)P_tokens, (int)(item * P_tiles * TOKENS_PER_ITEM), (int)row_tile * ROW_VECTORS);
}

#define ARGUMENTS                                                                                                \
  __global const INPUT *restrict x, __global const weight_unit *restrict w, __global const float *restrict bias, \
      __global const float *restrict r, __global float *restrict y, UNIFORMS

#ifdef SPAN
__kernel WIDE_KERNEL void matmul_sparse_chunks_wide(ARGUMENTS) {
  matmul_item(x, w, bias, r, y, uniforms, block, get_group_id(0), get_group_id(1));
}
#else
__kernel WIDE_KERNEL void matmul_packed_chunks_wide(ARGUMENTS) {
  matmul_item(x, w, bias, r, y, uniforms, block, get_group_id(0), get_group_id(1));
}
#endif
#endif
