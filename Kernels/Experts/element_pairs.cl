// One output of a product by experts a work-item: the portable baseline. A row's product is that of the file before this one.
//
// Defines    those of MatMul/element.cl; SORTED 0
// Launch     global (M, P) rounded up to local, local (LOCAL_ROWS, LOCAL_TOKENS)
TILE_FUNCTION matmul_pair_elements(__global const INPUT *x, __global const weight_unit *w, __global const float *bias,
                                   __global const int *indices, __global float *y, TILE_UNIFORMS, long row_tile,
                                   long tile) {
  const long row = row_tile * LOCAL_ROWS + get_local_id(0);
  const long pair = tile * LOCAL_TOKENS + get_local_id(1);
  const long outputs = P_outputs;
  if (row >= outputs || pair >= P_pairs) return;
  const long expert = indices[P_indices_offset + pair];
  __global float *output = y + P_y_offset + pair * P_y_stride + row;
  if (expert < 0 || expert >= P_experts) {
    output[0] = 0.0f;
    return;
  }
  __global const INPUT *inputs = x + P_x_offset + INPUT_ROW(pair) * P_x_stride;
  const long first = expert * P_rows;
  const float sum = row_product(inputs, w, uniforms, block, first + row);
  const float up = EPILOGUE_GATED ? row_product(inputs, w, uniforms, block, first + outputs + row) : 0.0f;
  output[0] = epilogue_scalar(sum, up, bias + P_bias_offset + first + row, outputs, output);
}
