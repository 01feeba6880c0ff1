// Causal grouped-query attention over a cache: the portable baseline of prompt_wide.cl, with its operands.
//
//   y[t, h, :] = Σ_{j ≤ past+t} p_j · values[j, g, :]      p = softmax_j(scale · queries[t, h, :]·keys[j, g, :])
//
// Parameters past heads_per_group dimension value_dimension, then the offsets and strides of prompt_wide.cl
// Defines    those of stored.cl  LOCAL_SIZE (a power of two ≤ 256) VALUES_PER_ITEM (⌈E / LOCAL_SIZE⌉) SCALE_BITS (float bits)
// Needs      nothing beyond OpenCL C 1.2
// Launch     global (LOCAL_SIZE, H, T), local (LOCAL_SIZE, 1, 1); a group owns one query of one head: an item
//            scores one key of a chunk, then sums its own values. Local 8·LOCAL_SIZE bytes; two barriers more than its
//            tree a chunk
// Numbers    chunks of LOCAL_SIZE keys at fixed positions, merged in order by online softmax; a score is one fma chain
//            in the order of d. Rows past `past + t` are not read
#if !defined(LOCAL_SIZE) || !defined(VALUES_PER_ITEM) || !defined(SCALE_BITS)
#error "LOCAL_SIZE, VALUES_PER_ITEM and SCALE_BITS must be defined"
#endif
#include "Attention/stored.cl"

TILE_FUNCTION attention_tile(__global const float *q, __global const KEY *k, __global const VALUE *v, __global float *y,
                             TILE_UNIFORMS, LOCAL_POINTER float *weights, LOCAL_POINTER float *tree, long head,
                             long token) {
  const int item = get_local_id(0);
  const long group = head / P_heads_per_group;
  const long visible = P_past + token + 1;
  const int dimension = (int)P_dimension;
  const int value_dimension = (int)P_value_dimension;
  __global const float *query = q + P_q_offset + token * P_q_t + head * P_q_h;
  __global const KEY *keys = k + P_k_offset + group * P_k_g;
  __global const VALUE *values = v + P_v_offset + group * P_v_g;

  float sums[VALUES_PER_ITEM];
  for (int i = 0; i < VALUES_PER_ITEM; ++i) sums[i] = 0.0f;
  float greatest = -INFINITY;
  float total = 0.0f;
  const long chunks = (visible + LOCAL_SIZE - 1) / LOCAL_SIZE;
  for (long chunk = 0; chunk < chunks; ++chunk) {
    const long first = chunk * LOCAL_SIZE;
    const int count = (int)min(visible - first, (long)LOCAL_SIZE);
    float score = -INFINITY;
    if (item < count) {
      __global const KEY *key = keys + (first + item) * P_k_c;
      score = 0.0f;
      for (int d = 0; d < dimension; ++d) score = fma(query[d] * as_float(SCALE_BITS), LOAD(KEY, key + d), score);
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
    total = fma(total, decay, tree[0]);
    for (int i = 0; i < VALUES_PER_ITEM; ++i) {
      const int d = item + i * LOCAL_SIZE;
      if (d < value_dimension) {
        float sum = sums[i] * decay;
        for (int j = 0; j < count; ++j) sum = fma(weights[j], LOAD(VALUE, values + (first + j) * P_v_c + d), sum);
        sums[i] = sum;
      }
    }
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  __global float *output = y + P_y_offset + token * P_y_t + head * P_y_h;
  for (int i = 0; i < VALUES_PER_ITEM; ++i) {
    const int d = item + i * LOCAL_SIZE;
    if (d < value_dimension) output[d] = sums[i] / total;
  }
}

__kernel __attribute__((reqd_work_group_size(LOCAL_SIZE, 1, 1))) void attention_simt(__global const float *restrict q,
                                                                                     __global const KEY *restrict k,
                                                                                     __global const VALUE *restrict v,
                                                                                     __global float *restrict y,
                                                                                     UNIFORMS) {
  __local float weights[LOCAL_SIZE];
  __local float tree[LOCAL_SIZE];
  attention_tile(q, k, v, y, uniforms, block, weights, tree, get_group_id(1), get_group_id(2));
}
