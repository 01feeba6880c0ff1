// The products of direct_wide.cl where rows share a pattern: an input is read once for all vectors that keep its place.
//
// Defines   ROW_VECTORS: divides GROUP_ROWS / 16, or of PATTERN_VECTORS is a multiple of it
#define PASS_VECTORS ROW_VECTORS

// Vectors of an item that share a pattern, and how many patterns it has.
#define SHARED_VECTORS (ROW_VECTORS * 16 < GROUP_ROWS ? ROW_VECTORS : GROUP_ROWS / 16)
#define PATTERNS (ROW_VECTORS / SHARED_VECTORS)

// Few tokens are bound by decoding: a span as one piece of code leaves nothing to count.
#if !NESTED && TOKENS_PER_ITEM * KEPT <= 64
#define UNROLL_SPAN _Pragma("unroll")
#else
#define UNROLL_SPAN
#endif

// Adds the products of rows `row_groups`·16 … of W and the tokens at `rows`.
TILE_FUNCTION add_products(__global const float *const *rows, __global const weight_unit *w, TILE_UNIFORMS,
                           const int *row_groups, float16 (*sums)[ROW_VECTORS]) {
  const int kept = KEPT_NOW;
  const int last = LAST_SPAN(w, row_groups[0] * 16);
  for (int s = FIRST_SPAN(w, row_groups[0] * 16); s < last; ++s) {
    const int input = SPAN_INPUT(w, s);
    __global const weight_unit *units[ROW_VECTORS];
    weight_header scales[ROW_VECTORS];
#pragma unroll
    for (int v = 0; v < ROW_VECTORS; ++v) {
      units[v] = SPAN_POINTER(w, row_groups[v] * 16, s);
      scales[v] = weight_header_at(units[v], 0);
      units[v] += HEADER_UNITS * UNIT_STRIDE;
    }
    __global const uchar *indices[PATTERNS];
#pragma unroll
    for (int g = 0; g < PATTERNS; ++g) indices[g] = SPAN_INDICES(w, row_groups[g * SHARED_VECTORS] * 16, s);

    UNROLL_SPAN
    for (int position = 0; position < kept; position += VALUES_PER_UNIT) {
#pragma unroll
      for (int i = 0; i < VALUES_PER_UNIT; ++i) {
        if (VALUES_PER_UNIT > 1 && position + i >= kept) break;
        float16 weight[ROW_VECTORS];
#pragma unroll
        for (int v = 0; v < ROW_VECTORS; ++v)
          weight[v] = weight_value_at(units[v] + position / VALUES_PER_UNIT * UNIT_STRIDE, 0, i, scales[v]);
#pragma unroll
        for (int g = 0; g < PATTERNS; ++g) {
          const int k = input + SPAN_INDEX(indices[g], position + i);
#pragma unroll
          for (int t = 0; t < TOKENS_PER_ITEM; ++t) {
            const float16 x = (float16)(rows[t][k]);
#pragma unroll
            for (int v = g * SHARED_VECTORS; v < (g + 1) * SHARED_VECTORS; ++v)
              sums[t][v] = fma(x, weight[v], sums[t][v]);
          }
        }
      }
    }
  }
}
