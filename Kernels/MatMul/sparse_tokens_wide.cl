// Y = epilogue(X · Wᵀ), W sparse with a pattern of its own in each row (N:M), many tokens: vectors of 16 tokens, so that
// a row's index only says which vectors of a panel of X it reads.
//
//   Y[t, m] = epilogue(Σ_k X[t, k] · W[m, k])            over the k that W keeps   MatMul/epilogue.cl
//   … and if EPILOGUE_GATED the same sum of row M + m, M % 16 == 0
//
//   x  [⌈T/PANEL⌉, K, PANEL] float: pack_tokens_wide.cl, PANEL = 16·PANEL_VECTORS
//   w  sparse, Common/patterns.cl: PATTERN_ROWS
//   bias, r, y  as in direct_wide.cl
//
//   for each chunk of spans, each 16 rows:  decoded ← the kept values of each row, places ← where their vectors of X are
//                                           sums of each row ← fma over the chunk, kept in the caches between chunks
//
// Parameters those of direct_wide.cl, but for x_stride and tiles; inputs (K)
// Defines    PANEL_VECTORS ROW_VECTORS CHUNK_SPANS EPILOGUE_… and those of Common/patterns.cl   Needs  nothing beyond OpenCL C 1.2
// Launch     global (⌈T/PANEL⌉, ⌈M / 16·ROW_VECTORS⌉), local (1, 1): an item owns PANEL × 16·ROW_VECTORS outputs. A chunk
//            of a panel lies in the first caches while all rows of the item read it
// Private    16·SUM_VECTORS·PANEL + 16·CHUNK_SPANS·KEPT floats, 16·CHUNK_SPANS·KEPT ints
// Numbers    one fma chain over the kept k in stored order for each y: bit-equal to all sparse kernels
#include "Common/patterns.cl"
#include "MatMul/wide_tile.cl"

#if !defined(PANEL_VECTORS) || !defined(CHUNK_SPANS)
#error "PANEL_VECTORS and CHUNK_SPANS must be defined"
#endif

#define PANEL (16 * PANEL_VECTORS)

// The kept values of a span of 16 rows, and where their inputs are in a panel from input `first` on.
TILE_FUNCTION decode_span(__global const weight_unit *w, TILE_UNIFORMS, int row, int s, int first, float *decoded,
                          int *places) {
  __global const weight_unit *units = SPAN_POINTER(w, row, s);
  const weight_header scale = weight_header_at(units, 0);
#pragma unroll
  for (int position = 0; position < KEPT; ++position) {
    const int unit = HEADER_UNITS + position / VALUES_PER_UNIT;
    const int bit = position * INDEX_BITS;
    const uint16 index = convert_uint16(vload16(SCALE_UNITS + bit / UNIT_BITS, units)) >> (bit % UNIT_BITS);
    const float16 weight = weight_value_at(units + unit * UNIT_STRIDE, 0, position % VALUES_PER_UNIT, scale);
    vstore16(weight, position, decoded);
    const uint16 input = (index & (GROUP_SIZE - 1)) + (uint)(first + position / GROUP_KEPT * GROUP_SIZE);
    vstore16(as_int16(input * PANEL), position, places);
  }
}

// One row over the `count` kept values of a chunk.
TILE_FUNCTION add_chunk(__global const float *x, const float *decoded, const int *places, float16 *row_sums,
                        int count) {
  float16 sums[PANEL_VECTORS];
#pragma unroll
  for (int v = 0; v < PANEL_VECTORS; ++v) sums[v] = row_sums[v];
  for (int position = 0; position < count; position += 2) {
#pragma unroll
    for (int i = 0; i < 2; ++i) {
      const float16 weight = (float16)(decoded[(position + i) * 16]);
      __global const float *inputs = x + places[(position + i) * 16];
#pragma unroll
      for (int v = 0; v < PANEL_VECTORS; ++v) sums[v] = fma(vload16(v, inputs), weight, sums[v]);
    }
  }
#pragma unroll
  for (int v = 0; v < PANEL_VECTORS; ++v) row_sums[v] = sums[v];
}

TILE_FUNCTION matmul_panel(__global const float *x, __global const weight_unit *w, __global const float *bias,
                           __global const float *r, __global float *y, TILE_UNIFORMS, int first_token,
                           int first_group) {
  const int groups = ((int)P_outputs + 15) / 16;
  const int spans = LAST_SPAN(w, 0);
  float16 sums[SUM_VECTORS * 16 * PANEL_VECTORS];
  float decoded[CHUNK_SPANS * KEPT * 16];
  int places[CHUNK_SPANS * KEPT * 16];
  for (int i = 0; i < SUM_VECTORS * 16 * PANEL_VECTORS; ++i) sums[i] = (float16)(0.0f);

  for (int first = 0; first < spans; first += CHUNK_SPANS) {
    const int count = min(CHUNK_SPANS, spans - first);
    __global const float *chunk = x + (long)first * (SPAN * PANEL);
    for (int v = 0; v < SUM_VECTORS; ++v) {
      const int group = SUM_GROUP(first_group, groups, v);
      for (int s = 0; s < count; ++s)
        decode_span(w, uniforms, block, group * 16, first + s, s * SPAN, decoded + s * (KEPT * 16),
                    places + s * (KEPT * 16));
      for (int row = 0; row < 16; ++row)
        add_chunk(chunk, decoded + row, places + row, sums + (v * 16 + row) * PANEL_VECTORS, count * KEPT);
    }
  }

  // Lanes were tokens; the rows of a token stand together in y.
  const int count = min(PANEL, (int)P_tokens - first_token);
  const float *lanes = (const float *)sums;
  for (int token = 0; token < count; ++token) {
    float16 results[SUM_VECTORS];
    for (int v = 0; v < SUM_VECTORS; ++v) {
      float column[16];
      for (int row = 0; row < 16; ++row) column[row] = lanes[(v * 16 + row) * PANEL + token];
      results[v] = ROW_SUM_WIDE(vload16(0, column), w, SUM_GROUP(first_group, groups, v) * 16);
    }
    store_sums(results, 1, bias, r, y, uniforms, block, NO_ORDER, first_token + token, first_group);
  }
}

__kernel WIDE_KERNEL void matmul_sparse_tokens_wide(__global const float *restrict x,
                                                    __global const weight_unit *restrict w,
                                                    __global const float *restrict bias,
                                                    __global const float *restrict r, __global float *restrict y,
                                                    UNIFORMS) {
  const long panel = get_group_id(0);
  matmul_panel(x + P_x_offset + panel * P_inputs * PANEL, w, bias + P_bias_offset, r + P_r_offset, y + P_y_offset,
               uniforms, block, (int)panel * PANEL, get_group_id(1) * ROW_VECTORS);
}
