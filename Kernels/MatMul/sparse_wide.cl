// Y = epilogue(X · Wᵀ), W sparse: vectors of 16 output rows, for devices whose work-item is a SIMD unit (CPUs). Only kept
// values are multiplied: by MatMul/sparse_shared.cl where rows share a pattern, by MatMul/sparse_rows.cl where they do not.
//
//   Y[t, m] = epilogue(Σ_k X[t, k] · W[m, k])            over the k that W keeps   MatMul/epilogue.cl
//   … and if EPILOGUE_GATED the same sum of row M + m, M % 16 == 0 and M % GROUP_ROWS == 0
//
//   x  [T, K]  float, rows `x_stride` apart, values contiguous         T tokens, K inputs, M outputs
//   w  sparse, Common/patterns.cl
//   bias, r, y  as in packed_wide.cl
//
// Parameters tokens outputs spans (K / SPAN) groups (⌈rows of W / GROUP_ROWS⌉) kept (of a span; if NESTED) indices_offset
//            scales_offset tiles (of an item) x_offset x_stride y_offset y_stride bias_offset r_offset r_stride
// Defines    TOKENS_PER_ITEM ROW_VECTORS EPILOGUE_… and those of Common/patterns.cl; PATTERN_ROWS: LANE_PERMUTE
// Needs      nothing beyond OpenCL C 1.2; if LANE_PERMUTE the feature x86_lane_permute
// Launch     as packed_wide.cl: global (⌈T / TOKENS_PER_ITEM·tiles⌉, ⌈M / 16·ROW_VECTORS⌉), local (1, 1)
// Numbers    one fma chain over the kept k in stored order for each y, started at 0: bit-equal to all sparse kernels.
//            |error| ≤ 2(K+3)·2⁻²⁴·Σ|x·w| of the rounded sum that the epilogue takes, unless a sum of int8 levels overflows
//            before its row's scale
#include "Common/patterns.cl"
#include "MatMul/wide_tile.cl"

#if !defined(TOKENS_PER_ITEM)
#error "TOKENS_PER_ITEM must be defined"
#endif

#if defined(PATTERN_ROWS)
#include "MatMul/sparse_rows.cl"
#else
#include "MatMul/sparse_shared.cl"
#endif

// The tile of tokens from `first_token` on.
TILE_FUNCTION matmul_tile(__global const float *x, __global const weight_unit *w, __global const float *bias,
                          __global const float *r, __global float *y, TILE_UNIFORMS, int first_token, int first_group) {
  const int tokens = (int)P_tokens;
  const int groups = ((int)P_outputs + 15) / 16;
  // Past the end the last token is computed again and not stored.
  __global const float *rows[TOKENS_PER_ITEM];
#pragma unroll
  for (int t = 0; t < TOKENS_PER_ITEM; ++t) rows[t] = x + (long)min(first_token + t, tokens - 1) * P_x_stride;
  float16 results[TOKENS_PER_ITEM * SUM_VECTORS];
#pragma unroll
  for (int v = 0; v < SUM_VECTORS; v += ROW_VECTORS) {
    int row_groups[ROW_VECTORS];
#pragma unroll
    for (int i = 0; i < ROW_VECTORS; ++i) row_groups[i] = SUM_GROUP(first_group, groups, v + i);
    float16 sums[TOKENS_PER_ITEM][ROW_VECTORS];
#pragma unroll
    for (int t = 0; t < TOKENS_PER_ITEM; ++t)
#pragma unroll
      for (int i = 0; i < ROW_VECTORS; ++i) sums[t][i] = (float16)(0.0f);
    add_products(rows, w, uniforms, block, row_groups, sums);
#pragma unroll
    for (int t = 0; t < TOKENS_PER_ITEM; ++t)
#pragma unroll
      for (int i = 0; i < ROW_VECTORS; ++i)
        results[t * SUM_VECTORS + v + i] = ROW_SUM_WIDE(sums[t][i], w, row_groups[i] * 16);
  }
  store_sums(results, min(TOKENS_PER_ITEM, tokens - first_token), bias, r, y, uniforms, block, first_token,
             first_group);
}

__kernel WIDE_KERNEL void matmul_sparse_wide(__global const float *restrict x, __global const weight_unit *restrict w,
                                             __global const float *restrict bias, __global const float *restrict r,
                                             __global float *restrict y, UNIFORMS) {
  const long first = get_group_id(0) * P_tiles * TOKENS_PER_ITEM;
  const long last = min(first + P_tiles * TOKENS_PER_ITEM, P_tokens);
  for (long token = first; token < last; token += TOKENS_PER_ITEM)
    matmul_tile(x + P_x_offset, w, bias + P_bias_offset, r + P_r_offset, y + P_y_offset, uniforms, block, (int)token,
                get_group_id(1) * ROW_VECTORS);
}
