// Activations as levels of eight bits in blocks of 32 (HeddleTypes/ValueFormats/Q8_Dynamic.swift), one block an item.
//
//   d = max∣x∣ / 127, q = x / d rounded to nearest, ties to even;  [float d][short Σ q of 16][short Σ q of 16][32 bytes q]
//
//   x  [T, K] float, rows `x_stride` apart, values contiguous             T tokens, K inputs; K % 32 == 0
//   y  [T, K / 32] blocks of ten ints, contiguous
//
// Parameters tokens blocks (of a row) x_offset x_stride y_offset
// Defines    LOCAL_SIZE                                                  Needs  nothing beyond OpenCL C 1.2
// Launch     global (T·K / 32 rounded up to LOCAL_SIZE), local (LOCAL_SIZE)
// Numbers    d and 1 / d are rounded quotients where the device divides so, else within 2.5 ulp; where max∣x∣ / 127 has no
//            inverse in float (below 2⁻¹²⁶), all of a block is 0. A NaN or an infinity among the values makes d such a one:
//            its products are NaN
#ifndef LOCAL_SIZE
#error "LOCAL_SIZE must be defined"
#endif

// Greatest magnitude of 32 values as its bits, which order NaN above infinity.
static uint greatest_magnitude(__global const float *x) {
  uint4 greatest = (uint4)(0);
#pragma unroll
  for (int i = 0; i < 32; i += 4) greatest = max(greatest, as_uint4(vload4(0, x + i)) & 0x7FFFFFFFu);
  return max(max(greatest.x, greatest.y), max(greatest.z, greatest.w));
}

// The levels of 16 values as bytes, and their sum.
static int sixteen_levels(__global const float *x, float inverse, __global int *bytes) {
  int4 sum = (int4)(0);
#pragma unroll
  for (int i = 0; i < 16; i += 4) {
    const int4 levels = convert_int4_sat_rte(vload4(0, x + i) * inverse);
    sum += levels;
    bytes[i / 4] = as_int(convert_char4(levels));
  }
  return sum.x + sum.y + sum.z + sum.w;
}

TILE_FUNCTION quantize_activations_block(__global const float *x, __global int *y, TILE_UNIFORMS, long index) {
  const long blocks = P_blocks;
  if (index >= P_tokens * blocks) return;
  __global const float *values = x + P_x_offset + index / blocks * P_x_stride + index % blocks * 32;
  __global int *to = y + P_y_offset + index * 10;
  const float scale = as_float(greatest_magnitude(values)) / 127.0f;
  // Of NaN and of infinity too the levels are 0.
  const float inverse = scale >= 0x1p-126f && scale < INFINITY ? 1.0f / scale : 0.0f;
  const int first = sixteen_levels(values, inverse, to + 2);
  const int last = sixteen_levels(values + 16, inverse, to + 6);
  to[0] = as_int(inverse == 0.0f && scale < INFINITY ? 0.0f : scale);
  to[1] = (first & 0xFFFF) | last << 16;
}

__kernel __attribute__((reqd_work_group_size(LOCAL_SIZE, 1, 1))) void quantize_activations_simt(
    __global const float *restrict x, __global int *restrict y, UNIFORMS) {
  quantize_activations_block(x, y, uniforms, block, get_group_id(0) * LOCAL_SIZE + get_local_id(0));
}
