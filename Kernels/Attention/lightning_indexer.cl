// The lightning indexer of many tokens: the keys of each token's greatest scores, as index_choice.cl says. Scores are never all in
// memory: a group walks tokens, and has scratch memory for those that it is at.
//
//   q  [T, H, D]  float, contiguous       k  [C, D]  KEY, rows k_c apart, of which past + T are in use
//   weights  [T, H]  float, contiguous    indices  [T, 1, count]  int, contiguous; −1 past the keys that a token sees
//   scores  [GROUPS · TOKENS_PER_ITEM, row]  float: row is past + T, rounded up to a multiple of 64
//   list    [GROUPS, 4 · room]  int: two lists of `room` places; room is at least min(count, past + T)
//
// Parameters tokens past row count room q_offset k_offset k_c weights_offset indices_offset scores_offset list_offset
// Defines    those of index_wide.cl or index_simt.cl  GROUPS: groups of the launch
//            TOKENS_PER_ITEM: tokens that share a chunk of keys; 1 in SIMT programs
// Needs      nothing beyond OpenCL C 1.2
// Launch     wide: global (GROUPS, 1), local (1, 1); simt: global (LOCAL_SIZE, GROUPS), local (LOCAL_SIZE, 1). Group g owns the
//            g-th of each GROUPS neighbours of TOKENS_PER_ITEM tokens
// Numbers    those of index_choice.cl: the same bits from both, and from index_scores.cl
#if !defined(GROUPS) || !defined(TOKENS_PER_ITEM)
#error "GROUPS and TOKENS_PER_ITEM must be defined"
#endif
#include "Attention/index_choice.cl"
#include "Attention/stored.cl"

#if SHAPE_WIDE
#include "Attention/index_wide.cl"

TILE_FUNCTION lightning_indexer_tile(__global const float *q, __global const KEY *k, __global const float *weights,
                                     __global float *scores, __global int *list, __global int *indices, TILE_UNIFORMS,
                                     LOCAL_POINTER int *counts, long group) {
  float transposed[DIMENSION * CHUNK];
  scores += P_scores_offset + group * TOKENS_PER_ITEM * P_row;
  __global ulong *places = (__global ulong *)(list + P_list_offset + group * 4 * P_room);
  for (long first = group * TOKENS_PER_ITEM; first < P_tokens; first += GROUPS * TOKENS_PER_ITEM) {
    const int tokens = (int)min(P_tokens - first, (long)TOKENS_PER_ITEM);
    const long keys = P_past + first + tokens;
    for (long key = 0; key < keys; key += CHUNK) {
      const int count = (int)min(keys - key, (long)CHUNK);
      transpose_chunk(k + P_k_offset + key * P_k_c, P_k_c, count, transposed);
      for (int token = 0; token < tokens; ++token)
        if (key <= P_past + first + token)
          score_chunk(q + P_q_offset + (first + token) * HEADS * DIMENSION,
                      weights + P_weights_offset + (first + token) * HEADS, transposed, count,
                      scores + token * P_row + key);
    }
    for (int token = 0; token < tokens; ++token)
      choose_keys(scores + token * P_row, (int)(P_past + first + token + 1), P_count, places, counts, 0,
                  indices + P_indices_offset + (first + token) * P_count);
  }
}

__kernel WIDE_KERNEL void lightning_indexer_wide(__global const float *restrict q, __global const KEY *restrict k,
                                                 __global const float *restrict weights,
                                                 __global float *restrict scores, __global int *restrict list,
                                                 __global int *restrict indices, UNIFORMS) {
  __local int counts[COUNTS];
  lightning_indexer_tile(q, k, weights, scores, list, indices, uniforms, block, counts, get_group_id(0));
}
#else
#include "Attention/index_simt.cl"

TILE_FUNCTION lightning_indexer_tile(__global const float *q, __global const KEY *k, __global const float *weights,
                                     __global float *scores, __global int *list, __global int *indices, TILE_UNIFORMS,
                                     LOCAL_POINTER float *staged, LOCAL_POINTER int *counts, long group) {
  const int item = get_local_id(0);
  scores += P_scores_offset + group * P_row;
  __global ulong *places = (__global ulong *)(list + P_list_offset + group * 4 * P_room);
  for (long token = group; token < P_tokens; token += GROUPS) {
    const long seen = P_past + token + 1;
    for (long key = 0; key < seen; key += LOCAL_SIZE)
      score_keys(q + P_q_offset + token * HEADS * DIMENSION, weights + P_weights_offset + token * HEADS,
                 k + P_k_offset + key * P_k_c, P_k_c, (int)min(seen - key, (long)LOCAL_SIZE), staged, item, scores + key);
    choose_keys(scores, (int)seen, P_count, places, counts, item, indices + P_indices_offset + token * P_count);
  }
}

__kernel __attribute__((reqd_work_group_size(LOCAL_SIZE, 1, 1))) void lightning_indexer_simt(
    __global const float *restrict q, __global const KEY *restrict k, __global const float *restrict weights,
    __global float *restrict scores, __global int *restrict list, __global int *restrict indices, UNIFORMS) {
  __local float staged[STAGED];
  __local int counts[COUNTS];
  lightning_indexer_tile(q, k, weights, scores, list, indices, uniforms, block, staged, counts, get_group_id(1));
}
#endif
