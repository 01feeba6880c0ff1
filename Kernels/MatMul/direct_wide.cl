// Y = epilogue(X · Wᵀ), W packed or sparse: vectors of 16 output rows, for devices whose work-item is a SIMD unit (CPUs).
//
//   Y[t, m] = epilogue(Σ_k X[t, k] · W[m, k])            over the k that W keeps   MatMul/epilogue.cl
//   … and if EPILOGUE_GATED the same sum of row M + m, M % 16 == 0 and M % GROUP_ROWS == 0
//
//   matmul_packed_wide  w packed, Common/weights.cl, every k kept: MatMul/direct_dense.cl
//   matmul_sparse_wide  (SPAN) w sparse, Common/patterns.cl; only kept values are multiplied: by MatMul/direct_shared.cl
//                       where rows share a pattern, by MatMul/direct_rows.cl where they do not
//
// Such a file walks K: PASS_VECTORS sum vectors in one pass, their products by add_products, and ROW_SUM_WIDE makes of their
// sum what the epilogue takes.
//
//   x  [T, K]  float (bfloat16 if DOT_BFLOAT16), rows `x_stride` apart, values contiguous
//                                                                     T tokens, K inputs, M outputs
//   bias, r  as MatMul/epilogue.cl says
//   y  [T, M]  float, rows `y_stride` apart, values contiguous
//   If BATCHED all but bias have two more leading axes, `…_b` and `…_c` apart (0 if broadcast).
//
// Parameters tokens outputs tiles (of an item) x_offset x_stride y_offset y_stride bias_offset r_offset r_stride;
//            packed: blocks (K / weight_block); sparse: spans (K / SPAN) groups (⌈rows of W / GROUP_ROWS⌉) kept (of a
//            span; if NESTED) indices_offset scales_offset;
//            if BATCHED batch_1 (extent of c) and x_b x_c w_b w_c r_b r_c y_b y_c, w_offset
// Defines    TOKENS_PER_ITEM ROW_VECTORS BATCHED DOT_BFLOAT16 EPILOGUE_… WEIGHT; sparse: those of Common/patterns.cl,
//            BATCHED and DOT_BFLOAT16 0; PATTERN_ROWS: LANE_PERMUTE
// Needs      nothing beyond OpenCL C 1.2, or what Common/dot_products.cl does; if LANE_PERMUTE the feature
//            x86_lane_permute
// Launch     global (⌈T / TOKENS_PER_ITEM·tiles⌉, ⌈M / 16·ROW_VECTORS⌉, batches), local (1, 1, 1): an item owns `tiles`
//            register tiles of Y below each other. Tokens are the fast axis: neighbouring items read the same
//            weights. Rows of x are read in place: with four row vectors six tokens fill the registers, few enough
//            lines of x at a time that rows a power of two apart do not push each other out of the first cache
// Numbers    one fma chain over the kept k in stored order for each y, started at 0: its bits do not depend on T, on the
//            tile or on the variant; pairs of k in the order of Common/dot_products.cl if DOT_BFLOAT16. |error| ≤
//            2(K+2)·2⁻²⁴·Σ|x·w| of the rounded sum that the epilogue takes; 2(K+3) if ROW_SCALED, unless a sum of int8
//            levels overflows before its row's scale
#include "Common/dot_products.cl"
#include "MatMul/wide_tile.cl"

#if !defined(TOKENS_PER_ITEM) || !defined(BATCHED)
#error "TOKENS_PER_ITEM and BATCHED must be defined"
#endif
#if defined(SPAN) && (BATCHED || DOT_BFLOAT16 || INPUT_LEVELS)
#error "a sparse product has float activations and no batches"
#endif

#ifndef SPAN
#include "Common/weights.cl"
#if INPUT_LEVELS
#include "MatMul/direct_levels.cl"
#else
#include "MatMul/direct_dense.cl"
#endif
#else
#include "Common/patterns.cl"
#if defined(PATTERN_ROWS)
#include "MatMul/direct_rows.cl"
#else
#include "MatMul/direct_shared.cl"
#endif
#endif

// The tile of tokens from `first_token` on, of those before `tokens`. x and r start at row 0 of their batch, y too.
TILE_FUNCTION matmul_tile(__global const INPUT *x, __global const weight_unit *w, __global const float *bias,
                          __global const float *r, __global float *y, TILE_UNIFORMS, __global const int *order,
                          int tokens, int first_token, int first_group) {
  const int groups = ((int)P_outputs + 15) / 16;
  // Past the end the last token is computed again and not stored.
  __global const INPUT *rows[TOKENS_PER_ITEM];
#pragma unroll
  for (int t = 0; t < TOKENS_PER_ITEM; ++t)
    rows[t] = x + (long)INPUT_ROW(min(first_token + t, tokens - 1)) * P_x_stride;
  float16 results[TOKENS_PER_ITEM * SUM_VECTORS];
#pragma unroll
  for (int v = 0; v < SUM_VECTORS; v += PASS_VECTORS) {
    int row_groups[PASS_VECTORS];
#pragma unroll
    for (int i = 0; i < PASS_VECTORS; ++i) row_groups[i] = SUM_GROUP(first_group, groups, v + i);
    float16 sums[TOKENS_PER_ITEM][PASS_VECTORS];
#pragma unroll
    for (int t = 0; t < TOKENS_PER_ITEM; ++t)
#pragma unroll
      for (int i = 0; i < PASS_VECTORS; ++i) sums[t][i] = (float16)(0.0f);
    add_products(rows, w, uniforms, block, row_groups, sums);
    // Out of registers, for the loop that stores them.
#pragma unroll
    for (int t = 0; t < TOKENS_PER_ITEM; ++t)
#pragma unroll
      for (int i = 0; i < PASS_VECTORS; ++i)
        results[t * SUM_VECTORS + v + i] = ROW_SUM_WIDE(sums[t][i], w, row_groups[i] * 16);
  }
  store_sums(results, min(TOKENS_PER_ITEM, tokens - first_token), bias, r, y, uniforms, block, order, first_token,
             first_group);
}

#ifndef BY_EXPERT
// The `tiles` register tiles of an item.
TILE_FUNCTION matmul_item(__global const INPUT *x, __global const weight_unit *w, __global const float *bias,
                          __global const float *r, __global float *y, TILE_UNIFORMS, long item, long row_tile,
                          long batch) {
  x += P_x_offset;
  bias += P_bias_offset;
  r += P_r_offset;
  y += P_y_offset;
#if BATCHED
  const long b = batch / P_batch_1;
  const long c = batch % P_batch_1;
  x += b * P_x_b + c * P_x_c;
  w += P_w_offset + b * P_w_b + c * P_w_c;
  r += b * P_r_b + c * P_r_c;
  y += b * P_y_b + c * P_y_c;
#endif
  const long first = item * P_tiles * TOKENS_PER_ITEM;
  const long last = min(first + P_tiles * TOKENS_PER_ITEM, P_tokens);
  for (long token = first; token < last; token += TOKENS_PER_ITEM)
    matmul_tile(x, w, bias, r, y, uniforms, block, NO_ORDER, (int)P_tokens, (int)token, row_tile * ROW_VECTORS);
}

#define ARGUMENTS                                                                                                \
  __global const INPUT *restrict x, __global const weight_unit *restrict w, __global const float *restrict bias, \
      __global const float *restrict r, __global float *restrict y, UNIFORMS

#ifdef SPAN
__kernel WIDE_KERNEL void matmul_sparse_wide(ARGUMENTS) {
  matmul_item(x, w, bias, r, y, uniforms, block, get_group_id(0), get_group_id(1), get_group_id(2));
}
#else
__kernel WIDE_KERNEL void matmul_packed_wide(ARGUMENTS) {
  matmul_item(x, w, bias, r, y, uniforms, block, get_group_id(0), get_group_id(1), get_group_id(2));
}
#endif
#endif
