// The products of direct_wide.cl where each row has a pattern of its own (N:M): each lane picks its input from the M
// neighbours that all lanes read together.
//
// Defines   ROW_VECTORS, and LANE_PERMUTE: 1 picks with one instruction of AVX-512 (feature x86_lane_permute)
#ifndef LANE_PERMUTE
#error "LANE_PERMUTE must be defined"
#endif
#define PASS_VECTORS ROW_VECTORS

// GROUP_SIZE neighbours as often as they fit 16 lanes, so that only the low bits of an index matter.
#if GROUP_SIZE == 4
#define NEIGHBOURS(x) (float16)(vload4(0, x), vload4(0, x), vload4(0, x), vload4(0, x))
#elif GROUP_SIZE == 8
#define NEIGHBOURS(x) (float16)(vload8(0, x), vload8(0, x))
#else
#define NEIGHBOURS(x) vload16(0, x)
#endif

// Lane i of the result is lane `indices[i] & 15` of x.
static float16 pick(float16 x, uint16 indices) {
#if LANE_PERMUTE
  float16 result;
#if GROUP_SIZE == 4
  __asm__("vpermilps %2, %1, %0" : "=v"(result) : "v"(x), "v"(indices));
#else
  __asm__("vpermps %1, %2, %0" : "=v"(result) : "v"(x), "v"(indices));
#endif
  return result;
#else
  return shuffle(x, indices);
#endif
}

// The 32 index bits from bit 32·word on of a span of 16 rows at p.
static uint16 index_word(__global const weight_unit *p, int word) {
  p += (SCALE_UNITS + word * 32 / UNIT_BITS) * UNIT_STRIDE;
  const uint16 low = convert_uint16(vload16(0, p));
  return UNIT_BITS == 32 || word * 2 + 1 >= INDEX_UNITS ? low : low | convert_uint16(vload16(1, p)) << 16;
}

// Adds the products of rows `row_groups`·16 … of W and the tokens at `rows`.
TILE_FUNCTION add_products(__global const float *const *rows, __global const weight_unit *w, TILE_UNIFORMS,
                           const int *row_groups, float16 (*sums)[ROW_VECTORS]) {
  const int spans = LAST_SPAN(w, 0);
  for (int s = 0; s < spans; ++s) {
    __global const weight_unit *units[ROW_VECTORS];
    weight_header scales[ROW_VECTORS];
    uint16 indices[ROW_VECTORS];
#pragma unroll
    for (int v = 0; v < ROW_VECTORS; ++v) {
      units[v] = SPAN_POINTER(w, row_groups[v] * 16, s);
      scales[v] = weight_header_at(units[v], 0);
    }
#pragma unroll
    for (int position = 0; position < KEPT; ++position) {
      const int unit = HEADER_UNITS + position / VALUES_PER_UNIT;
      const int bit = position * INDEX_BITS;
      float16 weight[ROW_VECTORS];
#pragma unroll
      for (int v = 0; v < ROW_VECTORS; ++v) {
        weight[v] = weight_value_at(units[v] + unit * UNIT_STRIDE, 0, position % VALUES_PER_UNIT, scales[v]);
        indices[v] = bit % 32 ? indices[v] >> INDEX_BITS : index_word(units[v], bit / 32);
      }
#pragma unroll
      for (int t = 0; t < TOKENS_PER_ITEM; ++t) {
        const float16 x = NEIGHBOURS(rows[t] + s * SPAN + position / GROUP_KEPT * GROUP_SIZE);
#pragma unroll
        for (int v = 0; v < ROW_VECTORS; ++v) sums[t][v] = fma(pick(x, indices[v]), weight[v], sums[t][v]);
      }
    }
  }
}
