// Y = epilogue(X · Wᵀ), W sparse in any pattern: one output a work-item. The portable baseline of all sparse products.
//
//   Y[t, m] = epilogue(Σ_k X[t, k] · W[m, k])            over the k that W keeps   MatMul/epilogue.cl
//   … and if EPILOGUE_GATED the same sum of row M + m, M % GROUP_ROWS == 0
//
// Operands, parameters as direct_wide.cl
// Defines    LOCAL_ROWS LOCAL_TOKENS EPILOGUE_… and those of Common/patterns.cl   Needs  nothing beyond OpenCL C 1.2
// Launch     MatMul/element.cl
// Numbers    one fma chain over the kept k in stored order for each y: bit-equal to all sparse kernels
#include "Common/patterns.cl"
#include "MatMul/element.cl"

#if defined(PATTERN_ROWS)
#define PLACE(units, indices, position) ROW_INDEX(units, position)
#else
#define PLACE(units, indices, position) SPAN_INDEX(indices, position)
#endif

static float row_product(__global const float *x, __global const weight_unit *w, TILE_UNIFORMS, long row) {
  const int kept = KEPT_NOW;
  const int last = LAST_SPAN(w, row);
  float sum = 0.0f;
  for (int s = FIRST_SPAN(w, row); s < last; ++s) {
    __global const weight_unit *units = SPAN_POINTER(w, row, s) + row % 16;
    __global const weight_unit *values = units + HEADER_UNITS * UNIT_STRIDE;
    __global const float *span = x + SPAN_INPUT(w, s);
#if defined(PATTERN_VECTORS)
    __global const uchar *indices = SPAN_INDICES(w, row, s);
#endif
    const weight_header scale = weight_header_at(units, 0);
    for (int position = 0; position < kept; ++position) {
      const int i = position % VALUES_PER_UNIT;
      const float weight = weight_value_at(values + position / VALUES_PER_UNIT * UNIT_STRIDE, 0, i, scale);
      sum = fma(span[PLACE(units, indices, position)], weight, sum);
    }
  }
  return ROW_SUM_SCALAR(sum, w, row);
}

__kernel ELEMENT_GROUP void matmul_sparse_simt(__global const float *restrict x, __global const weight_unit *restrict w,
                                               __global const float *restrict bias, __global const float *restrict r,
                                               __global float *restrict y, UNIFORMS) {
  matmul_elements(x + P_x_offset, w, bias + P_bias_offset, r + P_r_offset, y + P_y_offset, uniforms, block,
                  get_group_id(0), get_group_id(1));
}
