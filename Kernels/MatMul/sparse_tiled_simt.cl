// Y = epilogue(X · Wᵀ), W sparse in any pattern, by work-group tiles in local memory: for devices with many items a
// compute unit (GPUs). Only kept values are multiplied.
//
//   Y[t, m] = epilogue(Σ_k X[t, k] · W[m, k])            over the k that W keeps   MatMul/epilogue.cl
//   … and if EPILOGUE_GATED the same sum of row M + m, M % GROUP_ROWS == 0; it is made after the other
//
// A group owns TILE_TOKENS × TILE_ROWS outputs (4·LOCAL_TOKENS × 4·LOCAL_ROWS), an item 4 × 4 of them: tokens
// 4·ly … 4·ly+3 and rows lx, lx + LOCAL_ROWS, … CHUNK_SPANS spans, CHUNK_KEPT kept places of each at a time, go through
// local memory:
//
//   w       [CHUNK_SPANS][CHUNK_KEPT][TILE_ROWS] kept values, decoded
//   x       [CHUNK_SPANS][CHUNK_KEPT][TILE_TOKENS], gathered: the rows of a tile share a pattern
//   x       [SPAN][TILE_TOKENS]                     if PATTERN_ROWS: the whole span, of which each row picks
//   places  [KEPT][TILE_ROWS] places in the span    if PATTERN_ROWS
//
// each row of floats one word longer to spread the banks.
//
// Operands, parameters as direct_wide.cl
// Defines    LOCAL_ROWS LOCAL_TOKENS; CHUNK_KEPT, at most KEPT, a multiple of VALUES_PER_UNIT if less; CHUNK_SPANS, 1 if
//            CHUNK_KEPT < KEPT or PATTERN_ROWS; EPILOGUE_… and those of Common/patterns.cl. TILE_ROWS divides GROUP_ROWS
//            unless PATTERN_ROWS
// Needs      nothing beyond OpenCL C 1.2
// Launch     global (⌈M / TILE_ROWS⌉·LOCAL_ROWS, ⌈T / TILE_TOKENS⌉·LOCAL_TOKENS), local (LOCAL_ROWS, LOCAL_TOKENS)
// Local      4·CHUNK_SPANS·CHUNK_KEPT·(TILE_TOKENS + 1 + TILE_ROWS + 1) bytes; if PATTERN_ROWS
//            4·(SPAN·(TILE_TOKENS + 1) + KEPT·(TILE_ROWS + 1)) + KEPT·TILE_ROWS. Two barriers a chunk
// Numbers    one fma chain over the kept k in stored order for each y: bit-equal to all sparse kernels
#include "Common/patterns.cl"
#include "MatMul/epilogue.cl"

#if !defined(LOCAL_ROWS) || !defined(LOCAL_TOKENS) || !defined(CHUNK_KEPT) || !defined(CHUNK_SPANS)
#error "LOCAL_ROWS, LOCAL_TOKENS, CHUNK_KEPT and CHUNK_SPANS must be defined"
#endif

#define ITEMS (LOCAL_ROWS * LOCAL_TOKENS)
#define TILE_ROWS (4 * LOCAL_ROWS)
#define TILE_TOKENS (4 * LOCAL_TOKENS)
#define X_WORDS (TILE_TOKENS + 1)
#define W_WORDS (TILE_ROWS + 1)
#define CHUNK_UNITS ((CHUNK_KEPT + VALUES_PER_UNIT - 1) / VALUES_PER_UNIT)
#define HALVES (1 + EPILOGUE_GATED)

// Which inputs of a span are staged, and which of them belongs to kept value k of the tile's row m.
#if defined(PATTERN_ROWS)
#define STAGED SPAN
#define STAGED_INPUT(indices, i) (i)
#define STAGED_PLACE(k, m) ((int)places[(k)*TILE_ROWS + (m)])
#else
#define STAGED CHUNK_KEPT
#define STAGED_INPUT(indices, i) SPAN_INDEX(indices, i)
#define STAGED_PLACE(k, m) (k)
#endif
#define X_CHUNK (CHUNK_SPANS * STAGED * X_WORDS)
#define W_CHUNK (CHUNK_SPANS * CHUNK_KEPT * W_WORDS)

// Kept places `base` … `base + count` of the `spans` spans from s on, for the tile's tokens. Past the end the last token
// is read again and not stored; neighbouring items read neighbouring kept inputs of a token.
TILE_FUNCTION stage_inputs(__global const float *x, __global const weight_unit *w, TILE_UNIFORMS,
                           LOCAL_POINTER float *x_chunk, long first_row, long first_token, int s, int spans, int base,
                           int count) {
  const int item = get_local_id(1) * LOCAL_ROWS + get_local_id(0);
  for (int i = item; i < TILE_TOKENS * CHUNK_SPANS * STAGED; i += ITEMS) {
    const int staged = i % STAGED;
    const int span = i / STAGED % CHUNK_SPANS;
    const int t = i / (STAGED * CHUNK_SPANS);
    if (span >= spans || staged >= count) continue;
#if defined(PATTERN_VECTORS)
    __global const uchar *indices = SPAN_INDICES(w, first_row, s + span);
#endif
    const long k = SPAN_INPUT(w, s + span) + STAGED_INPUT(indices, base + staged);
    x_chunk[(span * STAGED + staged) * X_WORDS + t] = x[min(first_token + t, P_tokens - 1) * P_x_stride + k];
  }
}

// The values of the same places, and where they are if each row has places of its own. Past `last_row` that row is read
// again and not stored; neighbouring items read neighbouring rows of the interleaved units.
TILE_FUNCTION stage_weights(__global const weight_unit *w, TILE_UNIFORMS, LOCAL_POINTER float *w_chunk,
                            LOCAL_POINTER uchar *places, long first_row, long last_row, int s, int spans, int base,
                            int count) {
  const int item = get_local_id(1) * LOCAL_ROWS + get_local_id(0);
  for (int i = item; i < TILE_ROWS * CHUNK_SPANS * CHUNK_UNITS; i += ITEMS) {
    const int m = i % TILE_ROWS;
    const int first = i / TILE_ROWS % CHUNK_UNITS * VALUES_PER_UNIT;
    const int span = i / (TILE_ROWS * CHUNK_UNITS);
    if (span >= spans) continue;
    const long row = min(first_row + m, last_row);
    __global const weight_unit *units = SPAN_POINTER(w, row, s + span) + row % 16;
    __global const weight_unit *values = units + (HEADER_UNITS + (base + first) / VALUES_PER_UNIT) * UNIT_STRIDE;
    const weight_header scale = weight_header_at(units, 0);
#pragma unroll
    for (int v = 0; v < VALUES_PER_UNIT; ++v) {
      if (first + v < count) {
        w_chunk[(span * CHUNK_KEPT + first + v) * W_WORDS + m] = weight_value_at(values, 0, v, scale);
#if defined(PATTERN_ROWS)
        places[(first + v) * TILE_ROWS + m] = ROW_INDEX(units, base + first + v);
#endif
      }
    }
  }
}

// The sums of the tile's rows `first_row` … `last_row` of W, which share a pattern unless PATTERN_ROWS. Every item of the
// group comes here, and as often to each barrier.
TILE_FUNCTION add_products(__global const float *x, __global const weight_unit *w, TILE_UNIFORMS,
                           LOCAL_POINTER float *x_chunk, LOCAL_POINTER float *w_chunk, LOCAL_POINTER uchar *places,
                           long first_row, long last_row, long first_token, float (*sums)[4]) {
  const int row_item = get_local_id(0);
  const int token_item = get_local_id(1);
#pragma unroll
  for (int i = 0; i < 16; ++i) sums[i / 4][i % 4] = 0.0f;

  const int kept = KEPT_NOW;
  const int last = LAST_SPAN(w, first_row);
  for (int s = FIRST_SPAN(w, first_row); s < last; s += CHUNK_SPANS) {
    const int spans = min(CHUNK_SPANS, last - s);
    for (int base = 0; base < kept; base += CHUNK_KEPT) {
      const int count = min(CHUNK_KEPT, kept - base);
#if defined(PATTERN_ROWS)
      stage_inputs(x, w, uniforms, block, x_chunk, first_row, first_token, s, 1, 0, SPAN);
#else
      stage_inputs(x, w, uniforms, block, x_chunk, first_row, first_token, s, spans, base, count);
#endif
      stage_weights(w, uniforms, block, w_chunk, places, first_row, last_row, s, spans, base, count);
      barrier(CLK_LOCAL_MEM_FENCE);
      for (int span = 0; span < spans; ++span) {
        for (int position = 0; position < count; ++position) {
          const int k = span * CHUNK_KEPT + position;
#pragma unroll
          for (int m = 0; m < 4; ++m) {
            const float weight = w_chunk[k * W_WORDS + row_item + m * LOCAL_ROWS];
            const int place = STAGED_PLACE(k, row_item + m * LOCAL_ROWS);
#pragma unroll
            for (int t = 0; t < 4; ++t)
              sums[t][m] = fma(x_chunk[place * X_WORDS + token_item * 4 + t], weight, sums[t][m]);
          }
        }
      }
      barrier(CLK_LOCAL_MEM_FENCE);
    }
  }
}

// The tile's outputs. Every item of the group comes here.
TILE_FUNCTION matmul_tile(__global const float *x, __global const weight_unit *w, __global const float *bias,
                          __global const float *r, __global float *y, TILE_UNIFORMS, LOCAL_POINTER float *x_chunk,
                          LOCAL_POINTER float *w_chunk, LOCAL_POINTER uchar *places, long first_row, long first_token) {
  const long outputs = P_outputs;
  float sums[HALVES][4][4];
  add_products(x, w, uniforms, block, x_chunk, w_chunk, places, first_row, outputs - 1, first_token, sums[0]);
  if (EPILOGUE_GATED)
    add_products(x, w, uniforms, block, x_chunk, w_chunk, places, outputs + first_row, 2 * outputs - 1, first_token,
                 sums[HALVES - 1]);

#pragma unroll
  for (int t = 0; t < 4; ++t) {
#pragma unroll
    for (int m = 0; m < 4; ++m) {
      const long token = first_token + get_local_id(1) * 4 + t;
      const long row = first_row + get_local_id(0) + m * LOCAL_ROWS;
      if (token < P_tokens && row < outputs)
        y[token * P_y_stride + row] =
            epilogue_scalar(ROW_SUM_SCALAR(sums[0][t][m], w, row),
                            ROW_SUM_SCALAR(sums[HALVES - 1][t][m], w, row + (HALVES - 1) * outputs), bias + row,
                            outputs, r + token * P_r_stride + row);
    }
  }
}

__kernel __attribute__((reqd_work_group_size(LOCAL_ROWS, LOCAL_TOKENS, 1))) void matmul_sparse_tiled_simt(
    __global const float *restrict x, __global const weight_unit *restrict w, __global const float *restrict bias,
    __global const float *restrict r, __global float *restrict y, UNIFORMS) {
  __local float x_chunk[X_CHUNK];
  __local float w_chunk[W_CHUNK];
#if defined(PATTERN_ROWS)
  __local uchar places[KEPT * TILE_ROWS];
#else
  LOCAL_POINTER uchar *places = 0;
#endif
  matmul_tile(x + P_x_offset, w, bias + P_bias_offset, r + P_r_offset, y + P_y_offset, uniforms, block, x_chunk,
              w_chunk, places, get_group_id(0) * (long)TILE_ROWS, get_group_id(1) * (long)TILE_TOKENS);
}
