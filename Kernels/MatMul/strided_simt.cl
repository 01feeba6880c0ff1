// Y = epilogue(X · W) of float operands with any strides and up to two batch axes: attention-like products of
// activations.
//
//   Y[b, c, t, m] = epilogue(Σ_k X[b, c, t, k] · W[b, c, k, m])                   MatMul/epilogue.cl
//   Y[b, c, t, m] = epilogue(the same, Σ_k X[b, c, t, k] · W[b, c, k, M + m])     if EPILOGUE_GATED
//
//   x, w, r, y  float, each with an offset and the strides (…_b, …_c, then its two own axes); a broadcast axis has
//               stride 0, a transposed operand swaps its two
//   bias, r     as MatMul/epilogue.cl says
//
// Parameters batch_1 (extent of c) tokens outputs inputs, x_offset x_b x_c x_t x_k, w_offset w_b w_c w_k w_m,
//            y_offset y_b y_c y_t y_m, bias_offset, r_offset r_b r_c r_t r_m
// Defines    LOCAL_ROWS LOCAL_TOKENS EPILOGUE_…                                Needs  nothing beyond OpenCL C 1.2
// Launch     global (M, T, B·C) with M and T rounded up to local, local (LOCAL_ROWS, LOCAL_TOKENS, 1)
// Numbers    one fma chain in the order of k for each sum. |error| ≤ 2(K+2)·2⁻²⁴·Σ|x·w|
#include "MatMul/epilogue.cl"

#if !defined(LOCAL_ROWS) || !defined(LOCAL_TOKENS)
#error "LOCAL_ROWS and LOCAL_TOKENS must be defined"
#endif

static float strided_product(__global const float *left, long left_stride, __global const float *right,
                             long right_stride, long inputs) {
  float sum = 0.0f;
  for (long k = 0; k < inputs; ++k) sum = fma(left[k * left_stride], right[k * right_stride], sum);
  return sum;
}

TILE_FUNCTION matmul_tile(__global const float *x, __global const float *w, __global const float *bias,
                          __global const float *r, __global float *y, TILE_UNIFORMS, long row_tile, long token_tile,
                          long batch) {
  const long m = row_tile * LOCAL_ROWS + get_local_id(0);
  const long t = token_tile * LOCAL_TOKENS + get_local_id(1);
  const long b = batch / P_batch_1;
  const long c = batch % P_batch_1;
  const long outputs = P_outputs;
  if (m >= outputs || t >= P_tokens) return;
  __global const float *left = x + P_x_offset + b * P_x_b + c * P_x_c + t * P_x_t;
  __global const float *right = w + P_w_offset + b * P_w_b + c * P_w_c + m * P_w_m;
  const float sum = strided_product(left, P_x_k, right, P_w_k, P_inputs);
  const float up = EPILOGUE_GATED ? strided_product(left, P_x_k, right + outputs * P_w_m, P_w_k, P_inputs) : 0.0f;
  y[P_y_offset + b * P_y_b + c * P_y_c + t * P_y_t + m * P_y_m] = epilogue_scalar(
      sum, up, bias + P_bias_offset + m, outputs, r + P_r_offset + b * P_r_b + c * P_r_c + t * P_r_t + m * P_r_m);
}

__kernel __attribute__((reqd_work_group_size(LOCAL_ROWS, LOCAL_TOKENS, 1))) void matmul_strided_simt(
    __global const float *restrict x, __global const float *restrict w, __global const float *restrict bias,
    __global const float *restrict r, __global float *restrict y, UNIFORMS) {
  matmul_tile(x, w, bias, r, y, uniforms, block, get_group_id(0), get_group_id(1), get_group_id(2));
}
