// The scores of a lightning indexer for a few tokens, each in a row of scratch memory: see index_choice.cl, and index_select.cl, which
// chooses of them.
//
//   q  [T, H, D]  float, contiguous       k  [C, D]  KEY, rows k_c apart, of which past + T are in use
//   weights  [T, H]  float, contiguous    scores  [T, row]  float: row is past + T, rounded up to a multiple of 64
//
//   index_scores_wide  an item owns a chunk of 64 keys for all tokens
//   index_scores_simt  a group owns LOCAL_SIZE keys for a token, an item one
//
// Parameters tokens past row q_offset k_offset k_c weights_offset scores_offset
// Defines    those of index_wide.cl or index_simt.cl                           Needs  nothing beyond OpenCL C 1.2
// Launch     wide: global (row / 64, 1), local (1, 1); simt: global (row rounded up to LOCAL_SIZE, T), local (LOCAL_SIZE, 1),
//            local memory of STAGED floats
// Numbers    those of index_choice.cl: the same bits from both. What a token does not see of its row is not defined
#include "Attention/index_choice.cl"
#include "Attention/stored.cl"

#if SHAPE_WIDE
#include "Attention/index_wide.cl"

TILE_FUNCTION index_scores_tile(__global const float *q, __global const KEY *k, __global const float *weights,
                                __global float *scores, TILE_UNIFORMS, long chunk) {
  float transposed[DIMENSION * CHUNK];
  const long first = chunk * CHUNK, keys = P_past + P_tokens;
  if (first >= keys) return;
  const int count = (int)min(keys - first, (long)CHUNK);
  transpose_chunk(k + P_k_offset + first * P_k_c, P_k_c, count, transposed);
  for (long token = max(0L, first - P_past); token < P_tokens; ++token)
    score_chunk(q + P_q_offset + token * HEADS * DIMENSION, weights + P_weights_offset + token * HEADS, transposed, count,
                scores + P_scores_offset + token * P_row + first);
}

__kernel WIDE_KERNEL void index_scores_wide(__global const float *restrict q, __global const KEY *restrict k,
                                            __global const float *restrict weights, __global float *restrict scores,
                                            UNIFORMS) {
  index_scores_tile(q, k, weights, scores, uniforms, block, get_group_id(0));
}
#else
#include "Attention/index_simt.cl"

TILE_FUNCTION index_scores_tile(__global const float *q, __global const KEY *k, __global const float *weights,
                                __global float *scores, TILE_UNIFORMS, LOCAL_POINTER float *staged, long tile,
                                long token) {
  const long first = tile * LOCAL_SIZE, seen = P_past + token + 1;
  if (first >= seen) return;
  score_keys(q + P_q_offset + token * HEADS * DIMENSION, weights + P_weights_offset + token * HEADS,
             k + P_k_offset + first * P_k_c, P_k_c, (int)min(seen - first, (long)LOCAL_SIZE), staged, get_local_id(0),
             scores + P_scores_offset + token * P_row + first);
}

__kernel __attribute__((reqd_work_group_size(LOCAL_SIZE, 1, 1))) void index_scores_simt(
    __global const float *restrict q, __global const KEY *restrict k, __global const float *restrict weights,
    __global float *restrict scores, UNIFORMS) {
  __local float staged[STAGED];
  index_scores_tile(q, k, weights, scores, uniforms, block, staged, get_group_id(0), get_group_id(1));
}
#endif
