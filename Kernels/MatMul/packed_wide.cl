// Y = epilogue(X · Wᵀ), W packed: vectors of 16 output rows, for devices whose work-item is a SIMD unit (CPUs).
//
//   Y[t, m] = epilogue(Σ_k X[t, k] · W[m, k])                                     MatMul/epilogue.cl
//   Y[t, m] = epilogue(Σ_k X[t, k] · W[m, k], Σ_k X[t, k] · W[M + m, k])          if EPILOGUE_GATED, M % 16 == 0
//
//   x  [T, K]  float (bfloat16 if DOT_BFLOAT16), rows `x_stride` apart, values contiguous
//                                                                     T tokens, K inputs, M outputs
//   w  packed, Common/weights.cl
//   bias, r  as MatMul/epilogue.cl says
//   y  [T, M]  float, rows `y_stride` apart, values contiguous
//   If BATCHED all but bias have two more leading axes, `…_b` and `…_c` apart (0 if broadcast).
//
// Parameters tokens outputs blocks (K / weight_block) tiles (of an item) x_offset x_stride y_offset y_stride
//            bias_offset r_offset r_stride;
//            if BATCHED batch_1 (extent of c) and x_b x_c w_b w_c r_b r_c y_b y_c, w_offset
// Defines    TOKENS_PER_ITEM ROW_VECTORS BATCHED DOT_BFLOAT16 EPILOGUE_… WEIGHT
// Needs      nothing beyond OpenCL C 1.2, or what Common/dot_products.cl does
// Launch     global (⌈T / TOKENS_PER_ITEM·tiles⌉, ⌈M / 16·ROW_VECTORS⌉, batches), local (1, 1, 1): an item owns `tiles`
//            register tiles of Y below each other. Tokens are the fast axis: neighbouring items read the same
//            weights. Rows of x are read in place: with four row vectors six tokens fill the registers, few enough
//            lines of x at a time that rows a power of two apart do not push each other out of the first cache
// Numbers    one fma chain in the order of k for each y, started at 0: its bits do not depend on T, on the tile or on
//            the variant; pairs of k in the order of Common/dot_products.cl if DOT_BFLOAT16. |error| ≤
//            2(K+2)·2⁻²⁴·Σ|x·w| of the rounded sum that the epilogue takes
#include "Common/dot_products.cl"
#include "Common/weights.cl"
#include "MatMul/wide_tile.cl"

#if !defined(TOKENS_PER_ITEM) || !defined(BATCHED)
#error "TOKENS_PER_ITEM and BATCHED must be defined"
#endif

// The tile of tokens from `first_token` on. x and r start at row 0 of their batch, y too.
TILE_FUNCTION matmul_tile(__global const INPUT *x, __global const weight_unit *w, __global const float *bias,
                          __global const float *r, __global float *y, TILE_UNIFORMS, int first_token, int first_group) {
  const int tokens = (int)P_tokens;
  const int outputs = (int)P_outputs;
  const int blocks = (int)P_blocks;
  const int groups = (outputs + 15) / 16;

  // Past the end the last token is computed again and not stored.
  __global const INPUT *rows[TOKENS_PER_ITEM];
#pragma unroll
  for (int t = 0; t < TOKENS_PER_ITEM; ++t) rows[t] = x + (long)min(first_token + t, tokens - 1) * P_x_stride;
  __global const weight_unit *weights[SUM_VECTORS];
#pragma unroll
  for (int v = 0; v < SUM_VECTORS; ++v) weights[v] = BLOCK_POINTER(w, SUM_GROUP(first_group, groups, v), blocks, 0);

  float16 sums[TOKENS_PER_ITEM][SUM_VECTORS];
#pragma unroll
  for (int t = 0; t < TOKENS_PER_ITEM; ++t)
#pragma unroll
    for (int v = 0; v < SUM_VECTORS; ++v) sums[t][v] = (float16)(0.0f);

  for (int b = 0; b < blocks / STEP; ++b) {
    for (int g = 0; g < weight_block / weight_group; ++g) {
      __global const weight_unit *units[SUM_VECTORS];
      weight_header headers[SUM_VECTORS];
#pragma unroll
      for (int v = 0; v < SUM_VECTORS; ++v) {
        units[v] = weights[v] + (long)b * (STEP * BLOCK_STRIDE);
        headers[v] = weight_header_at(units[v], g);
      }
#pragma unroll
      for (int k = 0; k < weight_group; ++k) {
        VALUES weight[SUM_VECTORS];
#pragma unroll
        for (int v = 0; v < SUM_VECTORS; ++v) weight[v] = WEIGHT_STEP(units[v], g, k, headers[v]);
#pragma unroll
        for (int t = 0; t < TOKENS_PER_ITEM; ++t) {
          const VALUES input = INPUT_STEP(rows[t] + b * (STEP * weight_block) + g * weight_group + k);
#pragma unroll
          for (int v = 0; v < SUM_VECTORS; ++v) MULTIPLY_ADD(sums[t][v], input, weight[v]);
        }
      }
    }
  }
#if STEP == 2
  if (blocks % 2) {
#pragma unroll
    for (int t = 0; t < TOKENS_PER_ITEM; ++t) {
      const VALUES input = LAST_INPUT(rows[t] + blocks - 1);
#pragma unroll
      for (int v = 0; v < SUM_VECTORS; ++v) {
        const VALUES weight = LAST_WEIGHT(weights[v] + (long)(blocks - 1) * BLOCK_STRIDE);
        MULTIPLY_ADD(sums[t][v], input, weight);
      }
    }
  }
#endif

  // Out of registers, for the loop that stores them.
  float16 results[TOKENS_PER_ITEM * SUM_VECTORS];
#pragma unroll
  for (int t = 0; t < TOKENS_PER_ITEM; ++t)
#pragma unroll
    for (int v = 0; v < SUM_VECTORS; ++v) results[t * SUM_VECTORS + v] = sums[t][v];
  store_sums(results, min(TOKENS_PER_ITEM, tokens - first_token), bias, r, y, uniforms, block, first_token,
             first_group);
}

__kernel WIDE_KERNEL void matmul_packed_wide(__global const INPUT *restrict x, __global const weight_unit *restrict w,
                                             __global const float *restrict bias, __global const float *restrict r,
                                             __global float *restrict y, UNIFORMS) {
  x += P_x_offset;
  bias += P_bias_offset;
  r += P_r_offset;
  y += P_y_offset;
#if BATCHED
  const long b = get_group_id(2) / P_batch_1;
  const long c = get_group_id(2) % P_batch_1;
  x += b * P_x_b + c * P_x_c;
  w += P_w_offset + b * P_w_b + c * P_w_c;
  r += b * P_r_b + c * P_r_c;
  y += b * P_y_b + c * P_y_c;
#endif
  const long first = get_group_id(0) * P_tiles * TOKENS_PER_ITEM;
  const long last = min(first + P_tiles * TOKENS_PER_ITEM, P_tokens);
  for (long token = first; token < last; token += TOKENS_PER_ITEM)
    matmul_tile(x, w, bias, r, y, uniforms, block, (int)token, get_group_id(1) * ROW_VECTORS);
}
