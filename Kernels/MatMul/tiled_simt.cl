// Y = epilogue(X · Wᵀ) by work-group tiles in local memory: for devices with many items a compute unit (GPUs).
//
//   Y[t, m] = epilogue(Σ_k X[t, k] · W[m, k])                                     MatMul/epilogue.cl
//   Y[t, m] = epilogue(Σ_k X[t, k] · W[m, k], Σ_k X[t, k] · W[M + m, k])          if EPILOGUE_GATED
//
//   matmul_packed_tiled_simt   w packed in any encoding; operands and parameters of direct_wide.cl, unbatched
//   matmul_strided_tiled_simt  (STRIDED) float operands with any strides; those of strided_simt.cl
//
// A group owns TILE_TOKENS × TILE_ROWS outputs (4·LOCAL_TOKENS × 4·LOCAL_ROWS), an item 4 × 4 of them: tokens
// 4·ly … 4·ly+3 and rows lx, lx + LOCAL_ROWS, …, so that neighbouring items store neighbouring outputs and read
// neighbouring local words. Chunks of K go through local memory: x as [CHUNK][TILE_TOKENS], w as [CHUNK][TILE_ROWS]
// (the up projection's rows behind them), each row one word longer to spread the banks.
//
// Defines    LOCAL_ROWS LOCAL_TOKENS STRIDED EPILOGUE_… and, unless STRIDED, WEIGHT
// Needs      nothing beyond OpenCL C 1.2
// Launch     global (⌈M / TILE_ROWS⌉·LOCAL_ROWS, ⌈T / TILE_TOKENS⌉·LOCAL_TOKENS, B·C), local
//            (LOCAL_ROWS, LOCAL_TOKENS, 1)
// Local      4·CHUNK·(TILE_TOKENS + 1 + (TILE_ROWS + 1)·(1 + EPILOGUE_GATED)) bytes, CHUNK the greater of 16 and
//            weight_group: at 16 × 16 items at most 24,960. Two barriers a chunk
// Numbers    one fma chain in the order of k for each y: bit-equal to direct_wide.cl and strided_simt.cl
#if !defined(LOCAL_ROWS) || !defined(LOCAL_TOKENS) || !defined(STRIDED)
#error "LOCAL_ROWS, LOCAL_TOKENS and STRIDED must be defined"
#endif
#if STRIDED
typedef float weight_unit;
enum { weight_group = 1 };
#else
#include "Common/weights.cl"
#endif
#include "MatMul/epilogue.cl"
#include "MatMul/token_rows.cl"

#define ITEMS (LOCAL_ROWS * LOCAL_TOKENS)
#define TILE_ROWS (4 * LOCAL_ROWS)
#define TILE_TOKENS (4 * LOCAL_TOKENS)
#define CHUNK (weight_group > 16 ? weight_group : 16)
#define X_WORDS (TILE_TOKENS + 1)
#define W_WORDS (TILE_ROWS + 1)
#define HALVES (1 + EPILOGUE_GATED)

#if STRIDED
#define X_AT(token, k) x[(token)*P_x_t + (k)*P_x_k]
#define W_AT(row, k) w[(row)*P_w_m + (k)*P_w_k]
#define R_AT(token, row) ((token)*P_r_t + (row)*P_r_m)
#define Y_AT(token, row) ((token)*P_y_t + (row)*P_y_m)
#define INPUTS P_inputs
#else
#define X_AT(token, k) x[INPUT_ROW(token) * P_x_stride + (k)]
#define W_AT(row, k) weight_element(w, first_weight + (row), k, blocks)
#define R_AT(token, row) ((token)*P_r_stride + (row))
#define Y_AT(token, row) (OUTPUT_ROW(token) * P_y_stride + (row))
#define INPUTS (P_blocks * weight_block)
#endif

// x, w, r, y start at their batch; the weights' rows at row `first_weight` of w. Every item of the group comes here.
TILE_FUNCTION matmul_tile(__global const float *x, __global const weight_unit *w, __global const float *bias,
                          __global const float *r, __global float *y, TILE_UNIFORMS, LOCAL_POINTER float *x_chunk,
                          LOCAL_POINTER float *w_chunk, __global const int *order, long tokens, long first_weight,
                          long first_row, long first_token) {
  const int row_item = get_local_id(0);
  const int token_item = get_local_id(1);
  const int item = token_item * LOCAL_ROWS + row_item;
  const long outputs = P_outputs;
  const long inputs = INPUTS;
#if !STRIDED
  const long blocks = P_blocks;
#endif

  float sums[HALVES][4][4];
#pragma unroll
  for (int i = 0; i < HALVES * 16; ++i) sums[i / 16][i / 4 % 4][i % 4] = 0.0f;

  for (long first = 0; first < inputs; first += CHUNK) {
    const int count = (int)min(inputs - first, (long)CHUNK);
    // Past the end the last token and the last row are read again and not stored. Neighbouring items read neighbouring
    // values of a token, and neighbouring rows of the interleaved weights.
    for (int i = item; i < TILE_TOKENS * CHUNK; i += ITEMS) {
      const int k = i % CHUNK;
      const int t = i / CHUNK;
      if (k < count) x_chunk[k * X_WORDS + t] = X_AT(min(first_token + t, tokens - 1), first + k);
    }
    for (int i = item; i < HALVES * TILE_ROWS * CHUNK; i += ITEMS) {
      const int m = i % TILE_ROWS;
      const int k = i / TILE_ROWS % CHUNK;
      const int half_index = i / (TILE_ROWS * CHUNK);
      const long row = min(first_row + m, outputs - 1) + half_index * outputs;
      if (k < count) w_chunk[(half_index * CHUNK + k) * W_WORDS + m] = W_AT(row, first + k);
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    for (int k = 0; k < count; ++k) {
      float inputs_of_k[4];
#pragma unroll
      for (int t = 0; t < 4; ++t) inputs_of_k[t] = x_chunk[k * X_WORDS + token_item * 4 + t];
#pragma unroll
      for (int h = 0; h < HALVES; ++h) {
#pragma unroll
        for (int m = 0; m < 4; ++m) {
          const float weight = w_chunk[(h * CHUNK + k) * W_WORDS + row_item + m * LOCAL_ROWS];
#pragma unroll
          for (int t = 0; t < 4; ++t) sums[h][t][m] = fma(inputs_of_k[t], weight, sums[h][t][m]);
        }
      }
    }
    barrier(CLK_LOCAL_MEM_FENCE);
  }

#pragma unroll
  for (int t = 0; t < 4; ++t) {
#pragma unroll
    for (int m = 0; m < 4; ++m) {
      const long token = first_token + token_item * 4 + t;
      const long row = first_row + row_item + m * LOCAL_ROWS;
      if (token < tokens && row < outputs)
        y[Y_AT(token, row)] =
            epilogue_scalar(sums[0][t][m], sums[HALVES - 1][t][m], bias + row, outputs, r + R_AT(token, row));
    }
  }
}

#define GROUP __attribute__((reqd_work_group_size(LOCAL_ROWS, LOCAL_TOKENS, 1)))

#ifndef BY_EXPERT
#define ARGUMENTS                                                                                                \
  __global const float *restrict x, __global const weight_unit *restrict w, __global const float *restrict bias, \
      __global const float *restrict r, __global float *restrict y, UNIFORMS

#if STRIDED
__kernel GROUP void matmul_strided_tiled_simt(ARGUMENTS) {
  __local float x_chunk[CHUNK * X_WORDS];
  __local float w_chunk[HALVES * CHUNK * W_WORDS];
  const long b = get_group_id(2) / P_batch_1;
  const long c = get_group_id(2) % P_batch_1;
  matmul_tile(x + P_x_offset + b * P_x_b + c * P_x_c, w + P_w_offset + b * P_w_b + c * P_w_c, bias + P_bias_offset,
              r + P_r_offset + b * P_r_b + c * P_r_c, y + P_y_offset + b * P_y_b + c * P_y_c, uniforms, block, x_chunk,
              w_chunk, NO_ORDER, P_tokens, 0, get_group_id(0) * (long)TILE_ROWS, get_group_id(1) * (long)TILE_TOKENS);
}
#else
__kernel GROUP void matmul_packed_tiled_simt(ARGUMENTS) {
  __local float x_chunk[CHUNK * X_WORDS];
  __local float w_chunk[HALVES * CHUNK * W_WORDS];
  matmul_tile(x + P_x_offset, w, bias + P_bias_offset, r + P_r_offset, y + P_y_offset, uniforms, block, x_chunk,
              w_chunk, NO_ORDER, P_tokens, 0, get_group_id(0) * (long)TILE_ROWS, get_group_id(1) * (long)TILE_TOKENS);
}
#endif
#endif
