// Y = epilogue(X · Wᵀ), W packed: one output a work-item. The portable baseline of direct_wide.cl, with its
// operands, layout and bits.
//
//   Y[t, m] = epilogue(Σ_k X[t, k] · W[m, k])                                     MatMul/epilogue.cl
//   Y[t, m] = epilogue(Σ_k X[t, k] · W[m, k], Σ_k X[t, k] · W[M + m, k])          if EPILOGUE_GATED
//
// Parameters as in direct_wide.cl
// Defines    LOCAL_ROWS LOCAL_TOKENS EPILOGUE_… WEIGHT                       Needs  nothing beyond OpenCL C 1.2
// Launch     MatMul/element.cl
// Numbers    one fma chain in the order of k for each y: bit-equal to the wide kernel
#include "Common/weights.cl"
#include "MatMul/element.cl"

static float row_product(__global const float *x, __global const weight_unit *w, TILE_UNIFORMS, long row) {
  const long blocks = P_blocks;
  __global const weight_unit *weights = BLOCK_POINTER(w, row / 16, blocks, 0) + row % 16;
  float sum = 0.0f;
  for (long b = 0; b < blocks; ++b) {
    for (int g = 0; g < weight_block / weight_group; ++g) {
      __global const float *values = x + b * weight_block + g * weight_group;
      const weight_header header = weight_header_at(weights, g);
      for (int k = 0; k < weight_group; ++k) sum = fma(values[k], weight_value_at(weights, g, k, header), sum);
    }
    weights += BLOCK_STRIDE;
  }
  return sum;
}

#ifndef BY_EXPERT
__kernel ELEMENT_GROUP void matmul_packed_simt(__global const float *restrict x, __global const weight_unit *restrict w,
                                               __global const float *restrict bias, __global const float *restrict r,
                                               __global float *restrict y, UNIFORMS) {
  matmul_elements(x + P_x_offset, w, bias + P_bias_offset, r + P_r_offset, y + P_y_offset, uniforms, block,
                  get_group_id(0), get_group_id(1));
}
#endif
