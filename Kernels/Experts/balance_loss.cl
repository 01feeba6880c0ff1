// y = WEIGHT · E · Σ_e (counts[e] / Σ counts) · mean_t(scores[t, e]): least where experts are used alike.
//
//   scores   [T, E]  float, rows `scores_stride` apart, values contiguous          T tokens, E experts
//   counts   [E]     int, contiguous
//   y        [1]     float; 0 if there are no tokens, or no counts
//
// Parameters tokens experts scores_offset scores_stride counts_offset y_offset
// Defines    LOCAL_SIZE (a power of two ≤ 256) WEIGHT_BITS                     Needs  nothing beyond OpenCL C 1.2
// Launch     global (LOCAL_SIZE), local (LOCAL_SIZE); one group owns all. Local 12·LOCAL_SIZE bytes
// Numbers    an expert's scores in the order of t, experts in LOCAL_SIZE interleaved chains merged by halves; counts exact.
//            |error| ≤ (T + E/LOCAL_SIZE + 16)·2⁻²⁴·WEIGHT·E·Σ_e share·mean|scores|
#if !defined(LOCAL_SIZE) || !defined(WEIGHT_BITS)
#error "LOCAL_SIZE and WEIGHT_BITS must be defined"
#endif

TILE_FUNCTION balance_loss_tile(__global const float *scores, __global const int *counts, __global float *y,
                                TILE_UNIFORMS, LOCAL_POINTER long *totals, LOCAL_POINTER float *partial) {
  const int item = get_local_id(0);
  scores += P_scores_offset;
  counts += P_counts_offset;
  long total = 0;
  for (long e = item; e < P_experts; e += LOCAL_SIZE) total += counts[e];
  totals[item] = total;
  barrier(CLK_LOCAL_MEM_FENCE);
  for (int step = LOCAL_SIZE / 2; step > 0; step /= 2) {
    if (item < step) totals[item] += totals[item + step];
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  total = totals[0];
  float sum = 0.0f;
  for (long e = item; e < P_experts; e += LOCAL_SIZE) {
    float score = 0.0f;
    for (long t = 0; t < P_tokens; ++t) score += scores[t * P_scores_stride + e];
    sum = fma((float)counts[e] / (float)total, score / (float)P_tokens, sum);
  }
  partial[item] = sum;
  barrier(CLK_LOCAL_MEM_FENCE);
  for (int step = LOCAL_SIZE / 2; step > 0; step /= 2) {
    if (item < step) partial[item] += partial[item + step];
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  if (item == 0)
    y[P_y_offset] = P_tokens > 0 && total > 0 ? as_float(WEIGHT_BITS) * (float)P_experts * partial[0] : 0.0f;
}

__kernel __attribute__((reqd_work_group_size(LOCAL_SIZE, 1, 1))) void balance_loss_simt(
    __global const float *restrict scores, __global const int *restrict counts, __global float *restrict y, UNIFORMS) {
  __local long totals[LOCAL_SIZE];
  __local float partial[LOCAL_SIZE];
  balance_loss_tile(scores, counts, y, uniforms, block, totals, partial);
}
