// Y = epilogue(X · Wᵀ), W packed: one output a work-item. The portable baseline of packed_wide.cl, with its
// operands, layout and bits.
//
//   Y[t, m] = epilogue(Σ_k X[t, k] · W[m, k])                                     MatMul/epilogue.cl
//   Y[t, m] = epilogue(Σ_k X[t, k] · W[m, k], Σ_k X[t, k] · W[M + m, k])          if EPILOGUE_GATED
//
// Parameters as in packed_wide.cl
// Defines    LOCAL_ROWS LOCAL_TOKENS EPILOGUE_… WEIGHT                       Needs  nothing beyond OpenCL C 1.2
// Launch     global (M, T) rounded up to local, local (LOCAL_ROWS, LOCAL_TOKENS): items of a group that differ in the
//            row read neighbouring units, those that differ in the token the same ones
// Numbers    one fma chain in the order of k for each y: bit-equal to the wide kernel
#include "Common/weights.cl"
#include "MatMul/epilogue.cl"

#if !defined(LOCAL_ROWS) || !defined(LOCAL_TOKENS)
#error "LOCAL_ROWS and LOCAL_TOKENS must be defined"
#endif

float row_product(__global const float *restrict input, __global const weight_unit *restrict w, long row, long blocks) {
  __global const weight_unit *weights = BLOCK_POINTER(w, row / 16, blocks, 0) + row % 16;
  float sum = 0.0f;
  for (long b = 0; b < blocks; ++b) {
    for (int g = 0; g < weight_block / weight_group; ++g) {
      __global const float *values = input + b * weight_block + g * weight_group;
      const weight_header header = weight_header_at(weights, g);
      for (int k = 0; k < weight_group; ++k) sum = fma(values[k], weight_value_at(weights, g, k, header), sum);
    }
    weights += BLOCK_STRIDE;
  }
  return sum;
}

void matmul_element(__global const float *restrict x, __global const weight_unit *restrict w,
                    __global const float *restrict bias, __global const float *restrict r, __global float *restrict y,
                    UNIFORMS, long row, long token) {
  if (row >= P_outputs || token >= P_tokens) return;
  const long blocks = P_blocks;
  __global const float *input = x + P_x_offset + token * P_x_stride;
  const long outputs = P_outputs;
  const float sum = row_product(input, w, row, blocks);
  const float up = EPILOGUE_GATED ? row_product(input, w, outputs + row, blocks) : 0.0f;
  y[P_y_offset + token * P_y_stride + row] =
      epilogue_scalar(sum, up, bias + P_bias_offset + row, outputs, r + P_r_offset + token * P_r_stride + row);
}

__kernel __attribute__((reqd_work_group_size(LOCAL_ROWS, LOCAL_TOKENS, 1))) void matmul_packed_simt(
    __global const float *restrict x, __global const weight_unit *restrict w, __global const float *restrict bias,
    __global const float *restrict r, __global float *restrict y, UNIFORMS) {
  const long row = get_group_id(0) * LOCAL_ROWS + get_local_id(0);
  const long token = get_group_id(1) * LOCAL_TOKENS + get_local_id(1);
  matmul_element(x, w, bias, r, y, uniforms, block, row, token);
}
