// y[e] = bias[e] + steps · RATE · sign(mean(counts) − counts[e]): a bias that moves towards an equal load.
//
//   bias, y  [E]  float, contiguous                                    E experts
//   counts   [E]  int, contiguous
//
// Parameters experts steps bias_offset counts_offset y_offset
// Defines    LOCAL_SIZE (a power of two ≤ 256) RATE_BITS                       Needs  nothing beyond OpenCL C 1.2
// Launch     global (LOCAL_SIZE), local (LOCAL_SIZE); one group owns all. Local 8·LOCAL_SIZE bytes
// Numbers    the sign is exact: whole numbers of 64 bits
#if !defined(LOCAL_SIZE) || !defined(RATE_BITS)
#error "LOCAL_SIZE and RATE_BITS must be defined"
#endif

TILE_FUNCTION balance_bias_tile(__global const float *bias, __global const int *counts, __global float *y,
                                TILE_UNIFORMS, LOCAL_POINTER long *partial) {
  const int item = get_local_id(0);
  const long experts = P_experts;
  long sum = 0;
  for (long e = item; e < experts; e += LOCAL_SIZE) sum += counts[P_counts_offset + e];
  partial[item] = sum;
  barrier(CLK_LOCAL_MEM_FENCE);
  for (int step = LOCAL_SIZE / 2; step > 0; step /= 2) {
    if (item < step) partial[item] += partial[item + step];
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  sum = partial[0];
  const float move = as_float(RATE_BITS) * (float)P_steps;
  for (long e = item; e < experts; e += LOCAL_SIZE) {
    const long above = sum - experts * counts[P_counts_offset + e];
    const float sign = above > 0 ? 1.0f : above < 0 ? -1.0f : 0.0f;
    y[P_y_offset + e] = bias[P_bias_offset + e] + move * sign;
  }
}

__kernel __attribute__((reqd_work_group_size(LOCAL_SIZE, 1, 1))) void balance_bias_simt(
    __global const float *restrict bias, __global const int *restrict counts, __global float *restrict y, UNIFORMS) {
  __local long partial[LOCAL_SIZE];
  balance_bias_tile(bias, counts, y, uniforms, block, partial);
}
