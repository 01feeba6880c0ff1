// Y = epilogue(X · Wᵀ), W packed, X and W levels: one output a work-item. The portable baseline of direct_wide.cl with
// INPUT_LEVELS, with its operands, layout and bits.
//
//   Y[t, m] = epilogue(Σ_k X[t, k] · W[m, k])                                     MatMul/epilogue.cl
//   Y[t, m] = epilogue(Σ_k X[t, k] · W[m, k], Σ_k X[t, k] · W[M + m, k])          if EPILOGUE_GATED
//
// Parameters as in direct_wide.cl
// Defines    LOCAL_ROWS LOCAL_TOKENS EPILOGUE_… WEIGHT, those of Common/level_inputs.cl
// Needs      nothing beyond OpenCL C 1.2
// Launch     MatMul/element.cl
// Numbers    exact sums of groups, scaled in the order of k: bit-equal to the wide kernel
#define INPUT int
#include "Common/weights.cl"

#include "Common/level_inputs.cl"
#include "MatMul/element.cl"

// What the products of group g add to the sum: see add_group of Common/level_dots.cl.
static float add_level_group(__global const int *input, __global const weight_unit *units, int g, float sum) {
  __global const char *levels = (__global const char *)(input + 2) + INPUT_PLACE(g, 0);
  int products = 0;
  for (int i = 0; i < weight_group; i += 2) {
    const int pair = weight_levels_at(units, g, i);
    const int low = LEVEL_MAXIMUM ? pair & 255 : pair << 24 >> 24;
    const int high = LEVEL_MAXIMUM ? pair >> 8 : pair << 16 >> 24;
    products += low * levels[i] + high * levels[i + 1];
  }
  const weight_header header = weight_header_at(units, g);
  const int inputs = INPUT_SUM(input, g);
  sum = fma((float)(products - LEVEL_ZERO * inputs), INPUT_SCALE(input) * weight_scale_of(header), sum);
  return LEVEL_LEAST ? fma(INPUT_SCALE(input) * (float)inputs, weight_least_of(header), sum) : sum;
}

static float row_product(__global const int *x, __global const weight_unit *w, TILE_UNIFORMS, long row) {
  const long blocks = P_blocks;
  __global const weight_unit *units = BLOCK_POINTER(w, row / 16, blocks, 0) + row % 16;
  float sum = 0.0f;
  for (long b = 0; b < blocks; ++b) {
    for (int g = 0; g < weight_block / weight_group; ++g)
      sum = add_level_group(x + INPUT_BLOCKS(b, g) * INPUT_BLOCK_INTS, units, g, sum);
    units += BLOCK_STRIDE;
  }
  return sum;
}

#ifndef BY_EXPERT
__kernel ELEMENT_GROUP void matmul_levels_simt(__global const int *restrict x, __global const weight_unit *restrict w,
                                               __global const float *restrict bias, __global const float *restrict r,
                                               __global float *restrict y, UNIFORMS) {
  matmul_elements(x + P_x_offset, w, bias + P_bias_offset, r + P_r_offset, y + P_y_offset, uniforms, block,
                  get_group_id(0), get_group_id(1));
}
#endif
