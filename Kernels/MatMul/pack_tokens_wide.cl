// Activations in panels of tokens, for products whose lanes are tokens.
//
//   panels[p][k][j] = X[p·PANEL + j, k]                                  the last token again past the end
//
//   x       [T, K] float, rows `x_stride` apart, values contiguous        T tokens, K inputs
//   panels  [⌈T/PANEL⌉, K, PANEL] float
//
// Parameters tokens inputs x_offset x_stride panels_offset
// Defines    PANEL (a multiple of 16) INPUTS_PER_ITEM (a multiple of 16)   Needs  nothing beyond OpenCL C 1.2
// Launch     global (⌈K / INPUTS_PER_ITEM⌉, ⌈T/PANEL⌉), local (1, 1)
// Numbers    moves bits
#if !defined(PANEL) || !defined(INPUTS_PER_ITEM)
#error "PANEL and INPUTS_PER_ITEM must be defined"
#endif

__kernel WIDE_KERNEL void pack_tokens_wide(__global const float *restrict x, __global float *restrict panels,
                                           UNIFORMS) {
  const long inputs = P_inputs;
  const long last = P_tokens - 1;
  const long first = get_group_id(0) * INPUTS_PER_ITEM;
  const int count = (int)min(inputs - first, (long)INPUTS_PER_ITEM);
  __global const float *source = x + P_x_offset + first;
  __global float *panel = panels + P_panels_offset + (get_group_id(1) * inputs + first) * PANEL;
  for (int j = 0; j < PANEL; j += 16) {
    const long token = get_group_id(1) * (long)PANEL + j;
    __global const float *rows[16];
#pragma unroll
    for (int t = 0; t < 16; ++t) rows[t] = source + min(token + t, last) * P_x_stride;
    for (int k = 0; k < count; ++k) {
      float16 column;
#define LANE(t) column.s##t = rows[0x##t][k]
      LANE(0), LANE(1), LANE(2), LANE(3), LANE(4), LANE(5), LANE(6), LANE(7);
      LANE(8), LANE(9), LANE(a), LANE(b), LANE(c), LANE(d), LANE(e), LANE(f);
      vstore16(column, 0, panel + (long)k * PANEL + j);
    }
  }
}
