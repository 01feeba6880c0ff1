// Rotary position embedding, a token's heads together: for devices whose work-item is a SIMD unit (CPUs).
//
//   angle = position[t] · frequency[i] / factor[i]
//   (y[a], y[b]) = m · (x[a]·cos − x[b]·sin, x[a]·sin + x[b]·cos)  pair i: (2i, 2i+1), or (i, i + N/2) if PAIR_HALVES
//
//   x          [T, H, D]  float, strides x_t x_h, values contiguous     T tokens, H heads, D head dimension
//   positions  [T]  int, `positions_stride` apart
//   frequency  [N/2]  float                                            N rotated dimensions, N ≤ D
//   factor     [N/2]  float, read only if HAS_FACTORS
//   y          [T, H, D]  float, strides y_t y_h, values contiguous; values past N are copied
//
// Parameters heads dimension x_offset x_t x_h positions_offset positions_stride factor_offset y_offset y_t y_h
// Defines    PAIR_HALVES HAS_FACTORS (each 0 or 1) PAIRS (N/2, a multiple of 16) MAGNITUDE_BITS (float bits of m)
// Needs      nothing beyond OpenCL C 1.2
// Launch     global (T), local (1); an item owns a token: sine and cosine are computed once for all its heads
// Numbers    |error| ≤ |m|·(|angle|·2⁻²³ + 2⁻²⁰)·(|x[a]| + |x[b]|): the rounded angle, then sine and cosine of it
#if !defined(PAIR_HALVES) || !defined(HAS_FACTORS) || !defined(PAIRS) || !defined(MAGNITUDE_BITS)
#error "PAIR_HALVES, HAS_FACTORS, PAIRS and MAGNITUDE_BITS must be defined"
#endif

TILE_FUNCTION rotary_embedding_tile(__global const float *x, __global const int *positions,
                                    __global const float *frequency, __global const float *factor, __global float *y,
                                    TILE_UNIFORMS, long token) {
  const int heads = (int)P_heads;
  const int dimension = (int)P_dimension;
  const float position = (float)positions[P_positions_offset + token * P_positions_stride];
  float16 sines[PAIRS / 16];
  float16 cosines[PAIRS / 16];
  for (int i = 0; i < PAIRS / 16; ++i) {
    float16 angle = position * vload16(i, frequency);
    if (HAS_FACTORS) angle /= vload16(i, factor + P_factor_offset);
    float16 cosine;
    sines[i] = as_float(MAGNITUDE_BITS) * sincos(angle, &cosine);
    cosines[i] = as_float(MAGNITUDE_BITS) * cosine;
  }
  for (int head = 0; head < heads; ++head) {
    __global const float *input = x + P_x_offset + token * P_x_t + head * P_x_h;
    __global float *output = y + P_y_offset + token * P_y_t + head * P_y_h;
    for (int i = 0; i < PAIRS / 16; ++i) {
      float16 low = vload16(PAIR_HALVES ? i : 2 * i, input);
      float16 high = vload16(PAIR_HALVES ? i + PAIRS / 16 : 2 * i + 1, input);
      const float16 left = PAIR_HALVES ? low : (float16)(low.even, high.even);
      const float16 right = PAIR_HALVES ? high : (float16)(low.odd, high.odd);
      const float16 a = left * cosines[i] - right * sines[i];
      const float16 b = left * sines[i] + right * cosines[i];
      low = a;
      high = b;
      if (!PAIR_HALVES) {
        low.even = a.lo;
        low.odd = b.lo;
        high.even = a.hi;
        high.odd = b.hi;
      }
      vstore16(low, PAIR_HALVES ? i : 2 * i, output);
      vstore16(high, PAIR_HALVES ? i + PAIRS / 16 : 2 * i + 1, output);
    }
    for (int d = 2 * PAIRS; d < dimension; ++d) output[d] = input[d];
  }
}

__kernel WIDE_KERNEL void rotary_embedding_wide(__global const float *restrict x,
                                                __global const int *restrict positions,
                                                __global const float *restrict frequency,
                                                __global const float *restrict factor, __global float *restrict y,
                                                UNIFORMS) {
  rotary_embedding_tile(x, positions, frequency, factor, y, uniforms, block, get_group_id(0));
}
