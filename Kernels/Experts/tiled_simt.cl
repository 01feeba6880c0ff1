// Y = epilogue of products by experts, many pairs of each: the work-group tiles of MatMul/tiled_simt.cl on the rows of one
// expert. Operands as Experts/pairs.cl says.
//
// Parameters those of Experts/pairs.cl, blocks (K / weight_block)
// Defines    those of MatMul/tiled_simt.cl, STRIDED 0; SORTED 1                 Needs  nothing beyond OpenCL C 1.2
// Launch     global (⌈M / TILE_ROWS⌉·LOCAL_ROWS, B·LOCAL_TOKENS), local (LOCAL_ROWS, LOCAL_TOKENS): a group owns a tile of
//            pairs, at most TILE_TOKENS of them
// Local      as MatMul/tiled_simt.cl
// Numbers    as MatMul/tiled_simt.cl: the bits of the dense product with the expert's weights
#define INPUT float
#include "Experts/pairs.cl"
#include "MatMul/tiled_simt.cl"

TILE_FUNCTION matmul_pairs(__global const float *x, __global const weight_unit *w, __global const float *bias,
                           __global const int *indices, __global const int *order, __global const int *table,
                           __global float *y, TILE_UNIFORMS, LOCAL_POINTER float *x_chunk, LOCAL_POINTER float *w_chunk,
                           long row_tile, long tile) {
  const pair_tile pairs = pair_tile_at(indices, table, uniforms, block, tile);
  if (pairs.expert < 0) return;
  order += P_order_offset;
  x += P_x_offset;
  y += P_y_offset;
  const long first_row = row_tile * TILE_ROWS;
  if (pairs.expert >= P_experts) {
    const int item = get_local_id(1) * LOCAL_ROWS + get_local_id(0);
    for (int i = item; i < (pairs.end - pairs.first) * TILE_ROWS; i += ITEMS)
      if (first_row + i % TILE_ROWS < P_outputs)
        y[OUTPUT_ROW(pairs.first + i / TILE_ROWS) * P_y_stride + first_row + i % TILE_ROWS] = 0.0f;
    return;
  }
  const long first_weight = pairs.expert * P_rows;
  matmul_tile(x, w, bias + P_bias_offset + first_weight, y, y, uniforms, block, x_chunk, w_chunk, order, pairs.end,
              first_weight, first_row, pairs.first);
}

__kernel GROUP void matmul_by_expert_tiled_simt(EXPERT_ARGUMENTS) {
  __local float x_chunk[CHUNK * X_WORDS];
  __local float w_chunk[HALVES * CHUNK * W_WORDS];
  matmul_pairs(x, w, bias, indices, order, table, y, uniforms, block, x_chunk, w_chunk, get_group_id(0),
               get_group_id(1));
}
