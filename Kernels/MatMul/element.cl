// What the portable products share: one output a work-item, of which the including file says how a row's product is made.
//
//   float row_product(x, w, TILE_UNIFORMS, row)   Σ_k x[k] · W[row, k], x one token's inputs, each an INPUT (float)
//
// Defines    LOCAL_ROWS LOCAL_TOKENS, and those of MatMul/epilogue.cl
// Launch     global (M, T) rounded up to local, local (LOCAL_ROWS, LOCAL_TOKENS): items of a group that differ in the
//            row read neighbouring units, those that differ in the token the same ones
#include "MatMul/epilogue.cl"

#if !defined(LOCAL_ROWS) || !defined(LOCAL_TOKENS)
#error "LOCAL_ROWS and LOCAL_TOKENS must be defined"
#endif

#ifndef INPUT
#define INPUT float
#endif

#define ELEMENT_GROUP __attribute__((reqd_work_group_size(LOCAL_ROWS, LOCAL_TOKENS, 1)))

static float row_product(__global const INPUT *x, __global const weight_unit *w, TILE_UNIFORMS, long row);

#ifndef BY_EXPERT
// The outputs of one work-group's tile.
TILE_FUNCTION matmul_elements(__global const INPUT *x, __global const weight_unit *w, __global const float *bias,
                              __global const float *r, __global float *y, TILE_UNIFORMS, long row_tile,
                              long token_tile) {
  const long row = row_tile * LOCAL_ROWS + get_local_id(0);
  const long token = token_tile * LOCAL_TOKENS + get_local_id(1);
  const long outputs = P_outputs;
  if (row >= outputs || token >= P_tokens) return;
  __global const INPUT *inputs = x + token * P_x_stride;
  const float sum = row_product(inputs, w, uniforms, block, row);
  const float up = EPILOGUE_GATED ? row_product(inputs, w, uniforms, block, outputs + row) : 0.0f;
  y[token * P_y_stride + row] = epilogue_scalar(sum, up, bias + row, outputs, r + token * P_r_stride + row);
}
#endif
