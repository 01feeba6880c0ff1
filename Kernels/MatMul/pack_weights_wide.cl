// The right operand of a product, with any strides, in the packed layout of Common/weights.cl (f32).
//
//   packed[b][c][g][k][r] = W[b, c, k, 16·g + r]                         zero past the last output
//
//   w       float, strides w_b w_c w_k w_m                                K inputs, M outputs
//   packed  [B, C, ⌈M/16⌉, K, 16] float
//
// Parameters batch_1 (extent of c) outputs inputs w_offset w_b w_c w_k w_m packed_offset
// Defines    INPUTS_PER_ITEM                                              Needs  nothing beyond OpenCL C 1.2
// Launch     global (⌈K / INPUTS_PER_ITEM⌉, ⌈M/16⌉, B·C), local (1, 1, 1)
// Numbers    moves bits
#ifndef INPUTS_PER_ITEM
#error "INPUTS_PER_ITEM is not defined"
#endif

TILE_FUNCTION pack_weights_tile(__global const float *w, __global float *packed, TILE_UNIFORMS, long tile, long group,
                                long batch) {
  const long groups = (P_outputs + 15) / 16;
  const long first = tile * INPUTS_PER_ITEM;
  const long inputs = P_inputs;
  const int count = (int)min(inputs - first, (long)INPUTS_PER_ITEM);
  const int rows = (int)min(P_outputs - group * 16, 16L);
  const long k_stride = P_w_k;
  const long m_stride = P_w_m;
  __global const float *source =
      w + P_w_offset + batch / P_batch_1 * P_w_b + batch % P_batch_1 * P_w_c + first * k_stride + group * 16 * m_stride;
  __global float *destination = packed + P_packed_offset + ((batch * groups + group) * inputs + first) * 16;
  if (rows == 16 && m_stride == 1) {
    for (int k = 0; k < count; ++k) vstore16(vload16(0, source + k * k_stride), k, destination);
    return;
  }
  for (int row = 0; row < 16; ++row)
    for (int k = 0; k < count; ++k)
      destination[k * 16 + row] = row < rows ? source[k * k_stride + row * m_stride] : 0.0f;
}

__kernel WIDE_KERNEL void pack_weights_wide(__global const float *restrict w, __global float *restrict packed,
                                            UNIFORMS) {
  pack_weights_tile(w, packed, uniforms, block, get_group_id(0), get_group_id(1), get_group_id(2));
}
