// Merges what attention found in each chunk of keys, in the order of chunks, as chunk.cl says.
//
//   sums      [C, T, H, 2] float: m and l of a chunk      partials  [C, T, H, E] float: o
//   sinks     as in sinks.cl
//   y         [T, H, E]  float, strides y_t y_h           C chunks, T tokens, H heads
//   log_sums  [T, H]  float, strides l_t l_h, if LOG_SUM_EXP
//
// Parameters chunks tokens heads sums_offset partials_offset y_offset y_t y_h, and l_offset l_t l_h if LOG_SUM_EXP
// Defines    those of chunk.cl and sinks.cl  HEADS_PER_ITEM
// Needs      nothing beyond OpenCL C 1.2
// Launch     global (⌈H / HEADS_PER_ITEM⌉, T), local (1, 1)
// Numbers    those of chunk.cl
#ifndef HEADS_PER_ITEM
#error "HEADS_PER_ITEM must be defined"
#endif
#include "Attention/chunk.cl"
#include "Attention/sinks.cl"

TILE_FUNCTION attention_merge_tile(__global const float *sums, __global const float *partials,
                                   SINKS_PARAMETER __global float *y, LOG_SUMS_PARAMETER TILE_UNIFORMS, long tile,
                                   long token) {
  const long rows = P_tokens * P_heads;
  const long end = min((tile + 1) * HEADS_PER_ITEM, P_heads);
  for (long head = tile * HEADS_PER_ITEM; head < end; ++head) {
    VALUES outputs[VALUE_DIMENSION / LANES_OF_VALUES];
    for (int e = 0; e < VALUE_DIMENSION / LANES_OF_VALUES; ++e) outputs[e] = (VALUES)(0.0f);
    softmax_sums so_far = {FIRST_SCORE(head), FIRST_TOTAL};
    for (long chunk = 0; chunk < P_chunks; ++chunk) {
      const long row = chunk * rows + token * P_heads + head;
      const float2 of_chunk = vload2(row, sums + P_sums_offset);
      if (of_chunk.hi == 0.0f) continue;
      const float2 factors = merge_sums(&so_far, (softmax_sums){of_chunk.lo, of_chunk.hi});
      __global const float *partial = partials + P_partials_offset + row * VALUE_DIMENSION;
      for (int e = 0; e < VALUE_DIMENSION / LANES_OF_VALUES; ++e)
        outputs[e] = MERGED(outputs[e], LOAD_VALUES(partial + e * LANES_OF_VALUES), factors);
    }
    __global float *output = y + P_y_offset + token * P_y_t + head * P_y_h;
    for (int e = 0; e < VALUE_DIMENSION / LANES_OF_VALUES; ++e)
      STORE_OUTPUT(outputs[e], so_far.total, output + e * LANES_OF_VALUES);
    STORE_LOG_SUM(so_far.greatest, so_far.total, token, head);
  }
}

__kernel WIDE_KERNEL void attention_merge_wide(__global const float *restrict sums,
                                               __global const float *restrict partials,
                                               SINKS_PARAMETER __global float *restrict y,
                                               LOG_SUMS_PARAMETER UNIFORMS) {
  attention_merge_tile(sums, partials, SINKS_ARGUMENT y, LOG_SUMS uniforms, block, get_group_id(0), get_group_id(1));
}
