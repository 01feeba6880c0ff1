// Causal grouped-query attention over a cache: vectors along the head dimension, for devices whose work-item is a SIMD
// unit (CPUs).
//
//   y[t, h, :] = Σ_{j ≤ past+t} p_j · values[j, g, :]      p = softmax_j(scale · queries[t, h, :]·keys[j, g, :])
//   g = h / (H / G)                             T tokens, H query heads, G key heads, D and E head dimensions
//
//   q  [T, H, D]  float, strides q_t q_h           k  [C, G, D]  float, strides k_c k_g
//   v  [C, G, E]  float, strides v_c v_g           y  [T, H, E]  float, strides y_t y_h          (last axes contiguous)
//
// Parameters past heads_per_group q_offset q_t q_h k_offset k_c k_g v_offset v_c v_g y_offset y_t y_h
// Defines    DIMENSION (D % 16 == 0) VALUE_DIMENSION (E % 16 == 0) SCALE_BITS (float bits)
// Needs      nothing beyond OpenCL C 1.2
// Launch     global (H, T), local (1, 1); an item owns one query of one head
// Numbers    chunks of 16 keys at positions 16·c, merged in order by online softmax: bits depend on neither T nor the
//            chunking of the prompt. A score is 16 interleaved fma chains merged by halves. Rows past `past + t` are
//            not read
// After      Dao et al., FlashAttention, 2022
#if !defined(DIMENSION) || !defined(VALUE_DIMENSION) || !defined(SCALE_BITS)
#error "DIMENSION, VALUE_DIMENSION and SCALE_BITS must be defined"
#endif

float sum_lanes(float16 value) {
  const float8 eight = value.lo + value.hi;
  const float4 four = eight.lo + eight.hi;
  const float2 two = four.lo + four.hi;
  return two.lo + two.hi;
}

float greatest_lane(float16 value) {
  const float8 eight = fmax(value.lo, value.hi);
  const float4 four = fmax(eight.lo, eight.hi);
  const float2 two = fmax(four.lo, four.hi);
  return fmax(two.lo, two.hi);
}

// A function of its own, and not static: PoCL optimizes it before it becomes part of the kernel. Inlined at once, the
// kernel is twice as long.
void attention_query(__global const float *restrict query, __global const float *restrict keys, long key_stride,
                     __global const float *restrict values, long value_stride, __global float *restrict y,
                     long visible) {
  float16 q[DIMENSION / 16];
  for (int d = 0; d < DIMENSION / 16; ++d) q[d] = vload16(d, query) * as_float(SCALE_BITS);
  float16 sums[VALUE_DIMENSION / 16];
  for (int d = 0; d < VALUE_DIMENSION / 16; ++d) sums[d] = (float16)(0.0f);
  float greatest = -INFINITY;
  float total = 0.0f;

  for (long first = 0; first < visible; first += 16) {
    const int count = (int)min(visible - first, 16L);
    float scores[16];
    for (int j = 0; j < count; ++j) {
      __global const float *key = keys + (first + j) * key_stride;
      float16 products = (float16)(0.0f);
      for (int d = 0; d < DIMENSION / 16; ++d) products = fma(q[d], vload16(d, key), products);
      scores[j] = sum_lanes(products);
    }
    for (int j = count; j < 16; ++j) scores[j] = -INFINITY;
    const float16 score = vload16(0, scores);
    const float next = fmax(greatest, greatest_lane(score));
    // While every score is −∞ nothing may be subtracted: −∞ − −∞ would make a NaN that a later key cannot undo.
    const float base = next == -INFINITY ? 0.0f : next;
    const float16 weight = exp(score - base);
    const float decay = exp(greatest - base);
    greatest = next;
    total = fma(total, decay, sum_lanes(weight));
    float weights[16];
    vstore16(weight, 0, weights);
    for (int d = 0; d < VALUE_DIMENSION / 16; ++d) sums[d] *= decay;
    for (int j = 0; j < count; ++j) {
      __global const float *value = values + (first + j) * value_stride;
      for (int d = 0; d < VALUE_DIMENSION / 16; ++d) sums[d] = fma((float16)(weights[j]), vload16(d, value), sums[d]);
    }
  }
  for (int d = 0; d < VALUE_DIMENSION / 16; ++d) vstore16(sums[d] / total, d, y);
}

TILE_FUNCTION causal_attention_tile(__global const float *q, __global const float *k, __global const float *v,
                                    __global float *y, TILE_UNIFORMS, long head, long token) {
  const long group = head / P_heads_per_group;
  attention_query(q + P_q_offset + token * P_q_t + head * P_q_h, k + P_k_offset + group * P_k_g, P_k_c,
                  v + P_v_offset + group * P_v_g, P_v_c, y + P_y_offset + token * P_y_t + head * P_y_h,
                  P_past + token + 1);
}

__kernel WIDE_KERNEL void causal_attention_wide(__global const float *restrict q, __global const float *restrict k,
                                                __global const float *restrict v, __global float *restrict y,
                                                UNIFORMS) {
  causal_attention_tile(q, k, v, y, uniforms, block, get_group_id(0), get_group_id(1));
}
