// Activations in panels of tokens, for products whose lanes are tokens.
//
//   panels[p][k][j] = X[p·PANEL + j, k]                                  the last token again past the end
//
//   x       [T, K] float, rows `x_stride` apart, values contiguous        T tokens, K inputs; K % 16 == 0
//   panels  [⌈T/PANEL⌉, K, PANEL] float
//
// Parameters tokens inputs x_offset x_stride panels_offset
// Defines    PANEL (a multiple of 16) INPUTS_PER_ITEM (a multiple of 16)   Needs  nothing beyond OpenCL C 1.2
// Launch     global (⌈K / INPUTS_PER_ITEM⌉, ⌈T/PANEL⌉), local (1, 1)
// Numbers    moves bits
#if !defined(PANEL) || !defined(INPUTS_PER_ITEM)
#error "PANEL and INPUTS_PER_ITEM must be defined"
#endif

// Four perfect shuffles of 16 vectors put lane i of vector j into lane j of vector i.
TILE_FUNCTION transpose(float16 *rows) {
#pragma unroll
  for (int round = 0; round < 4; ++round) {
    float16 shuffled[16];
#pragma unroll
    for (int i = 0; i < 8; ++i) {
      shuffled[2 * i].even = rows[i].lo;
      shuffled[2 * i].odd = rows[i + 8].lo;
      shuffled[2 * i + 1].even = rows[i].hi;
      shuffled[2 * i + 1].odd = rows[i + 8].hi;
    }
#pragma unroll
    for (int i = 0; i < 16; ++i) rows[i] = shuffled[i];
  }
}

TILE_FUNCTION pack_tokens_tile(__global const float *x, __global float *panels, TILE_UNIFORMS, long tile,
                               long panel_index) {
  const long inputs = P_inputs;
  const long last = P_tokens - 1;
  const long stride = P_x_stride;
  const long first = tile * INPUTS_PER_ITEM;
  const int count = (int)min(inputs - first, (long)INPUTS_PER_ITEM);
  __global const float *source = x + P_x_offset + first;
  __global float *panel = panels + P_panels_offset + (panel_index * inputs + first) * PANEL;
  for (int j = 0; j < PANEL; j += 16) {
    const long token = panel_index * PANEL + j;
    for (int k = 0; k < count; k += 16) {
      float16 values[16];
#pragma unroll
      for (int t = 0; t < 16; ++t) values[t] = vload16(0, source + min(token + t, last) * stride + k);
      transpose(values);
#pragma unroll
      for (int i = 0; i < 16; ++i) vstore16(values[i], 0, panel + (long)(k + i) * PANEL + j);
    }
  }
}

__kernel WIDE_KERNEL void pack_tokens_wide(__global const float *restrict x, __global float *restrict panels,
                                           UNIFORMS) {
  pack_tokens_tile(x, panels, uniforms, block, get_group_id(0), get_group_id(1));
}
