// What a device can do at most: the roofs that benchmark rows are held against.
//
//   fma_peak    every item runs CHAINS independent chains of `a = fma(a, m, c)` in registers, UNROLL steps a round
//   dot_peak    the same with vdpbf16ps: 16 lanes of two products each
//   read_sum    reads `count` vectors and keeps a sum: a stream with nothing to write
//   add_to      a[i] += b[i]: two streams read, one written
//
// Defines  V (vector of floats of an item), CONTIGUOUS (an item owns one stretch, else items are neighbours), STREAMS
//          (stretches an item reads at a time), BF16_DOT where the host has vdpbf16ps
// Launch   global = items, any local size
#define CHAINS 12
#define UNROLL 8

__kernel void fma_peak(__global V *out, int rounds, float m, float c) {
  V a[CHAINS];
#pragma unroll
  for (int j = 0; j < CHAINS; ++j) a[j] = (V)((float)(get_global_id(0) + j));
  const V factor = (V)(m), addend = (V)(c);
  for (int i = 0; i < rounds; ++i) {
#pragma unroll
    for (int u = 0; u < UNROLL; ++u)
#pragma unroll
      for (int j = 0; j < CHAINS; ++j) a[j] = fma(a[j], factor, addend);
  }
  V sum = a[0];
#pragma unroll
  for (int j = 1; j < CHAINS; ++j) sum += a[j];
  out[get_global_id(0)] = sum;
}

#ifdef BF16_DOT
__kernel void dot_peak(__global float16 *out, int rounds, float m, float c) {
  float16 a[CHAINS];
#pragma unroll
  for (int j = 0; j < CHAINS; ++j) a[j] = (float16)((float)(get_global_id(0) + j));
  const int16 left = as_int16((float16)(m)), right = as_int16((float16)(c));
  for (int i = 0; i < rounds; ++i) {
#pragma unroll
    for (int u = 0; u < UNROLL; ++u)
#pragma unroll
      for (int j = 0; j < CHAINS; ++j) __asm__("vdpbf16ps %2, %1, %0" : "+v"(a[j]) : "v"(left), "v"(right));
  }
  float16 sum = a[0];
#pragma unroll
  for (int j = 1; j < CHAINS; ++j) sum += a[j];
  out[get_global_id(0)] = sum;
}
#endif

__kernel void read_sum(__global const V *restrict a, __global V *restrict out, long count) {
  V sums[STREAMS];
#pragma unroll
  for (int s = 0; s < STREAMS; ++s) sums[s] = (V)(0.0f);
#if CONTIGUOUS
  const long share = count / (long)get_global_size(0);
  const long stretch = share / STREAMS;
  __global const V *from = a + get_global_id(0) * share;
  for (long i = 0; i < stretch; ++i)
#pragma unroll
    for (int s = 0; s < STREAMS; ++s) sums[s] += from[s * stretch + i];
#else
  for (long i = get_global_id(0); i < count; i += get_global_size(0)) sums[0] += a[i];
#endif
  V sum = sums[0];
#pragma unroll
  for (int s = 1; s < STREAMS; ++s) sum += sums[s];
  out[get_global_id(0)] = sum;
}

__kernel void add_to(__global V *restrict a, __global const V *restrict b, long count) {
#if CONTIGUOUS
  const long share = count / (long)get_global_size(0);
  const long first = get_global_id(0) * share;
  for (long i = first; i < first + share; ++i) a[i] += b[i];
#else
  for (long i = get_global_id(0); i < count; i += get_global_size(0)) a[i] += b[i];
#endif
}
