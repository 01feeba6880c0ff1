// Rotary position embedding.
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
// Parameters heads dimension pairs x_offset x_t x_h positions_offset positions_stride factor_offset y_offset y_t y_h
// Defines    PAIR_HALVES HAS_FACTORS (each 0 or 1) MAGNITUDE_BITS (float bits of m)
// Needs      nothing beyond OpenCL C 1.2
// Launch     global (⌈D/2⌉ rounded up to 32, H, T), local (32, 1, 1); an item owns one pair, or two values past N
// Numbers    |error| ≤ |m|·(|angle|·2⁻²³ + 2⁻²⁰)·(|x[a]| + |x[b]|): the rounded angle, then sine and cosine of it
#if !defined(PAIR_HALVES) || !defined(HAS_FACTORS) || !defined(MAGNITUDE_BITS)
#error "PAIR_HALVES, HAS_FACTORS and MAGNITUDE_BITS must be defined"
#endif

TILE_FUNCTION rotary_embedding_tile(__global const float *x, __global const int *positions,
                                    __global const float *frequency, __global const float *factor, __global float *y,
                                    TILE_UNIFORMS, long tile, long head, long token) {
  const int item = (int)(tile * 32 + get_local_id(0));
  const int pairs = (int)P_pairs;
  const int dimension = (int)P_dimension;
  __global const float *input = x + P_x_offset + token * P_x_t + head * P_x_h;
  __global float *output = y + P_y_offset + token * P_y_t + head * P_y_h;
  if (item >= pairs) {
    const int first = 2 * item;
    if (first < dimension) output[first] = input[first];
    if (first + 1 < dimension) output[first + 1] = input[first + 1];
    return;
  }
  float angle = (float)positions[P_positions_offset + token * P_positions_stride] * frequency[item];
  if (HAS_FACTORS) angle /= factor[P_factor_offset + item];
  float cosine;
  const float sine = as_float(MAGNITUDE_BITS) * sincos(angle, &cosine);
  cosine *= as_float(MAGNITUDE_BITS);
  const int a = PAIR_HALVES ? item : 2 * item;
  const int b = PAIR_HALVES ? item + pairs : 2 * item + 1;
  const float left = input[a];
  const float right = input[b];
  output[a] = left * cosine - right * sine;
  output[b] = left * sine + right * cosine;
}

__kernel __attribute__((reqd_work_group_size(32, 1, 1))) void rotary_embedding_simt(
    __global const float *restrict x, __global const int *restrict positions, __global const float *restrict frequency,
    __global const float *restrict factor, __global float *restrict y, UNIFORMS) {
  rotary_embedding_tile(x, positions, frequency, factor, y, uniforms, block, get_group_id(0), get_group_id(1),
                        get_group_id(2));
}
