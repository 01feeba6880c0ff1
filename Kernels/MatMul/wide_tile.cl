// What the wide products share: which weights a tile's sums belong to, and storing them.
//
// Defines    ROW_VECTORS, and those of MatMul/epilogue.cl
#include "MatMul/epilogue.cl"
#include "MatMul/token_rows.cl"

#ifndef ROW_VECTORS
#error "ROW_VECTORS must be defined"
#endif

// Vectors of sums of a token: those of the up projection stand behind those of the gate.
#define SUM_VECTORS (ROW_VECTORS * (1 + EPILOGUE_GATED))

// The group of 16 rows of W of sum vector v. Past the end the last group is computed again and not stored.
#define SUM_GROUP(first_group, groups, v) \
  (min((first_group) + (v) % ROW_VECTORS, (groups)-1) + (v) / ROW_VECTORS * (groups))

// Stores the first `count` tokens of sums [count][SUM_VECTORS], from `first_token` on. A loop, so that the epilogue stands
// in the program once and not for every sum.
TILE_FUNCTION store_sums(const float16 *sums, int count, __global const float *bias, __global const float *r,
                         __global float *y, TILE_UNIFORMS, __global const int *order, long first_token,
                         int first_group) {
  const int outputs = (int)P_outputs;
#pragma unroll 1
  for (int i = 0; i < count * ROW_VECTORS; ++i) {
    const float16 *sum = sums + i / ROW_VECTORS * SUM_VECTORS + i % ROW_VECTORS;
    const long token = OUTPUT_ROW(first_token + i / ROW_VECTORS);
    const int row = (first_group + i % ROW_VECTORS) * 16;
    if (row < outputs)
      store_epilogue_wide(sum[0], sum[SUM_VECTORS - ROW_VECTORS], bias + row, outputs, r + token * P_r_stride + row,
                          y + token * P_y_stride + row, outputs - row);
  }
}
