// Grouped-query attention: the portable baseline of prompt_wide.cl, with its operands.
//
//   y[t, h, :] = Σ_j p_j · values[j, g, :]      p = softmax_j(scale · queries[t, h, :]·keys[j, g, :])
//   j: the keys that mask.cl leaves the query at its position
//
// Parameters keys heads_per_group dimension value_dimension, then the offsets and strides of prompt_wide.cl
// Defines    those of stored.cl, mask.cl, places.cl, selection.cl, score_terms.cl and sinks.cl  LOCAL_SIZE (a power of two ≤ 64)
//            VALUES_PER_ITEM (⌈E / LOCAL_SIZE⌉)
//            SCALE_BITS (float bits)  SOFT_CAP_BITS (float bits), only if there is a cap  LOG_SUM_EXP
// Needs      nothing beyond OpenCL C 1.2
// Launch     global (LOCAL_SIZE, H, T), local (LOCAL_SIZE, 1, 1); a group owns one query of one head: an item
//            scores one key of a chunk, then sums its own values. Local 8·LOCAL_SIZE bytes; two barriers more than its
//            tree a chunk
// Numbers    chunks of LOCAL_SIZE keys at fixed positions, merged in order by online softmax; a score is one fma chain
//            in the order of d. Keys that are not seen are not read
#if !defined(LOCAL_SIZE) || !defined(VALUES_PER_ITEM) || !defined(SCALE_BITS) || !defined(LOG_SUM_EXP)
#error "LOCAL_SIZE, VALUES_PER_ITEM, SCALE_BITS and LOG_SUM_EXP must be defined"
#endif
#include "Attention/log_sums.cl"
#include "Attention/mask.cl"
#include "Attention/places.cl"
#include "Attention/score_terms.cl"
#include "Attention/selection.cl"
#include "Attention/sinks.cl"
#include "Attention/stored.cl"

TILE_FUNCTION attention_tile(__global const float *q, __global const KEY *k, __global const VALUE *v,
                             PLACES_PARAMETERS SELECTION_PARAMETER TERMS_PARAMETERS SINKS_PARAMETER __global float *y,
                             LOG_SUMS_PARAMETER TILE_UNIFORMS, LOCAL_POINTER float *weights, LOCAL_POINTER float *tree,
                             long head, long token) {
  const int item = get_local_id(0);
  const long group = head / P_heads_per_group;
  const query_place place = place_of_query(PLACES uniforms, block, token);
  const int dimension = (int)P_dimension;
  const int value_dimension = (int)P_value_dimension;
  __global const float *query = q + P_q_offset + token * P_q_t + head * P_q_h;

  float sums[VALUES_PER_ITEM];
  for (int i = 0; i < VALUES_PER_ITEM; ++i) sums[i] = 0.0f;
  float greatest = FIRST_SCORE(head);
  float total = FIRST_TOTAL;
  for (long first = 0; first < place.keys; first += LOCAL_SIZE) {
    const ulong seen = seen_keys(place.position, place.position, first, place.keys,
                                 SELECTED_KEYS(token, group, first & ~63L) >> (first & 63)) &
                       (ALL_KEYS >> (64 - LOCAL_SIZE));
    if (seen == 0) continue;
    const key_place at = place_of_keys(PAGES_ARGUMENT uniforms, block, place.sequence, first);
    if (at.page < 0) continue;
    __global const KEY *keys = KEYS_AT(k, at) + group * P_k_g;
    __global const VALUE *values = VALUES_AT(v, at) + group * P_v_g;
    float score = -INFINITY;
    if (seen >> item & 1) {
      __global const KEY *key = keys + item * P_k_c;
      score = 0.0f;
      for (int d = 0; d < dimension; ++d) score = fma(query[d] * as_float(SCALE_BITS), LOAD(KEY, key, d), score);
#ifdef SOFT_CAP_BITS
      score = tanh(score / as_float(SOFT_CAP_BITS)) * as_float(SOFT_CAP_BITS);
#endif
#if BIAS
      score += *BIAS_AT(token, head, first + item);
#endif
#if SLOPES
      score = fma(-SLOPE(head), fabs((float)(first + item - place.position)), score);
#endif
    }
    tree[item] = score;
    barrier(CLK_LOCAL_MEM_FENCE);
    for (int step = LOCAL_SIZE / 2; step > 0; step /= 2) {
      if (item < step) tree[item] = fmax(tree[item], tree[item + step]);
      barrier(CLK_LOCAL_MEM_FENCE);
    }
    const float next = fmax(greatest, tree[0]);
    // While every score is −∞ nothing may be subtracted: −∞ − −∞ would make a NaN that a later key cannot undo.
    const float base = next == -INFINITY ? 0.0f : next;
    const float decay = exp(greatest - base);
    greatest = next;
    barrier(CLK_LOCAL_MEM_FENCE);
    weights[item] = exp(score - base);
    tree[item] = weights[item];
    barrier(CLK_LOCAL_MEM_FENCE);
    for (int step = LOCAL_SIZE / 2; step > 0; step /= 2) {
      if (item < step) tree[item] += tree[item + step];
      barrier(CLK_LOCAL_MEM_FENCE);
    }
    // A chunk whose scores are all −∞ is left out, whatever its values are.
    const bool is_merged = tree[0] != 0.0f;
    total = fma(total, decay, tree[0]);
// Sums stay in registers only if each has a place of its own in the program.
#pragma unroll
    for (int i = 0; i < VALUES_PER_ITEM; ++i) {
      const int d = item + i * LOCAL_SIZE;
      if (is_merged && d < value_dimension) {
        float sum = sums[i] * decay;
        const int end = end_of_keys(seen);
        for (int j = first_key(seen); j < end; ++j)
          if (seen >> j & 1) sum = fma(weights[j], LOAD(VALUE, values + j * P_v_c, d), sum);
        sums[i] = sum;
      }
    }
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  __global float *output = y + P_y_offset + token * P_y_t + head * P_y_h;
  for (int i = 0; i < VALUES_PER_ITEM; ++i) {
    const int d = item + i * LOCAL_SIZE;
    if (d < value_dimension) output[d] = sums[i] / (total == 0.0f ? 1.0f : total);
  }
  if (item == 0) STORE_LOG_SUM(greatest, total, token, head);
}

__kernel __attribute__((reqd_work_group_size(LOCAL_SIZE, 1, 1))) void attention_simt(
    __global const float *restrict q, __global const KEY *restrict k, __global const VALUE *restrict v,
    PLACES_PARAMETERS SELECTION_PARAMETER TERMS_PARAMETERS SINKS_PARAMETER __global float *restrict y,
    LOG_SUMS_PARAMETER UNIFORMS) {
  __local float weights[LOCAL_SIZE];
  __local float tree[LOCAL_SIZE];
  attention_tile(q, k, v, PLACES SELECTION_ARGUMENT TERMS SINKS_ARGUMENT y, LOG_SUMS uniforms, block, weights, tree,
                 get_group_id(1), get_group_id(2));
}
