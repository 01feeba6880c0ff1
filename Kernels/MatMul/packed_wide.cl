// Y = epilogue(X · Wᵀ), W packed: vectors of 16 output rows, for devices whose work-item is a SIMD unit (CPUs).
//
//   Y[t, m] = epilogue(Σ_k X[t, k] · W[m, k])                 MatMul/epilogue.cl
//   Y[t, m] = epilogue(Σ_k X[t, k] · W[m, k], Σ_k X[t, k] · W[M + m, k])      if EPILOGUE_GATED, M % 16 == 0
//
//   x  [T, K]  float, rows `x_stride` apart, values contiguous        T tokens, K inputs, M outputs
//   w  packed, Common/weights.cl
//   bias, r  as MatMul/epilogue.cl says
//   y  [T, M]  float, rows `y_stride` apart, values contiguous
//
// Parameters tokens outputs blocks (K / BLOCK_SIZE) x_offset x_stride y_offset y_stride bias_offset
//            r_offset r_stride
// Defines    TOKENS_PER_ITEM ROW_VECTORS EPILOGUE_… WEIGHT_…
// Needs      nothing beyond OpenCL C 1.2
// Launch     global (⌈T / TOKENS_PER_ITEM⌉, ⌈M / 16·ROW_VECTORS⌉), local (1, 1): an item owns one tile of Y. Tokens
//            are the fast axis: neighbouring items read the same weights
// Numbers    one fma chain in the order of k for each y, started at 0: its bits do not depend on T, on the tile or on
//            the variant. |error| ≤ 2(K+2)·2⁻²⁴·Σ|x·w| of the rounded sum that the epilogue takes
#include "Common/weights.cl"
#include "MatMul/epilogue.cl"

#if !defined(TOKENS_PER_ITEM) || !defined(ROW_VECTORS)
#error "TOKENS_PER_ITEM and ROW_VECTORS must be defined"
#endif

// Vectors of sums of a token: those of the up projection stand behind those of the gate.
#define SUM_VECTORS (ROW_VECTORS * (1 + EPILOGUE_GATED))

void matmul_tile(__global const float *restrict x, __global const UNIT *restrict w, __global const float *restrict bias,
                 __global const float *restrict r, __global float *restrict y, UNIFORMS, int token_tile, int row_tile) {
  const int tokens = (int)P_tokens;
  const int outputs = (int)P_outputs;
  const int blocks = (int)P_blocks;
  const int groups = (outputs + 15) / 16;
  const int first_token = token_tile * TOKENS_PER_ITEM;
  const int first_group = row_tile * ROW_VECTORS;

  // Past the end the last token and the last group are computed again and not stored.
  __global const float *rows[TOKENS_PER_ITEM];
#pragma unroll
  for (int t = 0; t < TOKENS_PER_ITEM; ++t)
    rows[t] = x + P_x_offset + (long)min(first_token + t, tokens - 1) * P_x_stride;
  __global const UNIT *weights[SUM_VECTORS];
#pragma unroll
  for (int v = 0; v < SUM_VECTORS; ++v) {
    const int group = min(first_group + v % ROW_VECTORS, groups - 1) + v / ROW_VECTORS * groups;
    weights[v] = BLOCK_POINTER(w, group, blocks, 0);
  }

  float16 sums[TOKENS_PER_ITEM][SUM_VECTORS];
#pragma unroll
  for (int t = 0; t < TOKENS_PER_ITEM; ++t)
#pragma unroll
    for (int v = 0; v < SUM_VECTORS; ++v) sums[t][v] = (float16)(0.0f);

  for (int b = 0; b < blocks; ++b) {
#pragma unroll
    for (int k = 0; k < BLOCK_SIZE; ++k) {
#pragma unroll
      for (int v = 0; v < SUM_VECTORS; ++v) {
        const float16 weight = DECODE_WIDE(weights[v], k);
#pragma unroll
        for (int t = 0; t < TOKENS_PER_ITEM; ++t)
          sums[t][v] = fma((float16)(rows[t][b * BLOCK_SIZE + k]), weight, sums[t][v]);
      }
    }
#pragma unroll
    for (int v = 0; v < SUM_VECTORS; ++v) weights[v] += BLOCK_UNITS * ROWS_INTERLEAVED;
  }

#pragma unroll
  for (int t = 0; t < TOKENS_PER_ITEM; ++t) {
    const long token = first_token + t;
    if (token < tokens) {
#pragma unroll
      for (int v = 0; v < ROW_VECTORS; ++v) {
        const int row = (first_group + v) * 16;
        store_epilogue_wide(sums[t][v], sums[t][SUM_VECTORS - ROW_VECTORS + v], bias + P_bias_offset + row, outputs,
                            r + P_r_offset + token * P_r_stride + row, y + P_y_offset + token * P_y_stride + row,
                            outputs - row);
      }
    }
  }
}

__kernel WIDE_KERNEL void matmul_packed_wide(__global const float *restrict x, __global const UNIT *restrict w,
                                             __global const float *restrict bias, __global const float *restrict r,
                                             __global float *restrict y, UNIFORMS) {
  matmul_tile(x, w, bias, r, y, uniforms, block, get_group_id(0), get_group_id(1));
}
