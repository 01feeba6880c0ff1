// The tile of a wide product by experts: what Experts/direct_wide.cl and Experts/chunks_wide.cl do with it is `PRODUCT`.

// Rows of y that no expert gives, of the vectors from `first_group` on.
TILE_FUNCTION clear_rows(__global float *y, TILE_UNIFORMS, __global const int *order, pair_tile pairs,
                         int first_group) {
  const int outputs = (int)P_outputs;
  for (int place = pairs.first; place < pairs.end; ++place)
    for (int row = first_group * 16; row < min(outputs, (first_group + ROW_VECTORS) * 16); ++row)
      y[OUTPUT_ROW(place) * P_y_stride + row] = 0.0f;
}

TILE_FUNCTION matmul_pairs(__global const INPUT *x, __global const weight_unit *w, __global const float *bias,
                           __global const int *indices, __global const int *order, __global const int *table,
                           __global float *y, TILE_UNIFORMS, long tile, long row_tile) {
  const pair_tile pairs = pair_tile_at(indices, table, uniforms, block, tile);
  if (pairs.expert < 0) return;
#if SORTED
  order += P_order_offset;
#endif
  x += P_x_offset;
  y += P_y_offset;
  const int first_group = (int)row_tile * ROW_VECTORS;
  if (pairs.expert >= P_experts) {
    clear_rows(y, uniforms, block, order, pairs, first_group);
    return;
  }
  w = BLOCK_POINTER(w, pairs.expert * (P_rows / 16), (int)P_blocks, 0);
  bias += P_bias_offset + pairs.expert * P_rows;
  PRODUCT(x, w, bias, y, order, pairs, first_group);
}
