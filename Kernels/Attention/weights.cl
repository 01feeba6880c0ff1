// The weights of a chunk's scores, as chunk.cl says.
//
// Defines    those of chunk.cl, mask.cl and score_terms.cl  SOFT_CAP_BITS (float bits), only if there is a cap
#include "Attention/chunk.cl"
#include "Attention/mask.cl"
#include "Attention/score_terms.cl"

#ifdef SOFT_CAP_BITS
// cap · tanh(score / cap): by its odd polynomial near 0, where the quotient of exponentials loses digits.
static __attribute__((always_inline)) float16 soft_cap(float16 score) {
  const float16 x = score / as_float(SOFT_CAP_BITS);
  const float16 square = x * x;
  float16 near = fma((float16)(-5.70498872745e-3f), square, (float16)(2.06390887954e-2f));
  near = fma(near, square, (float16)(-5.37397155531e-2f));
  near = fma(near, square, (float16)(1.33314422036e-1f));
  near = fma(near, square, (float16)(-3.33332819422e-1f));
  near = fma(near * square, x, x);
  const float16 decay = exponential(-2.0f * fabs(x));
  const float16 far = copysign((1.0f - decay) / (1.0f + decay), x);
  return (fabs(x) < 0.625f ? near : far) * as_float(SOFT_CAP_BITS);
}
#endif

// What is added to the scores of one query and a chunk: −slope · |distance + i| to that of key i, and a row of biases.
typedef struct {
  float slope, distance;
  __global const float *bias;
} score_terms;
#define SCORE_TERMS(token, head, position, first) \
  ((score_terms){SLOPE(head), (float)((first) - (position)), BIAS_AT(token, head, first)})

// Turns the scores of a chunk into weights, of the keys that are seen.
static __attribute__((always_inline)) softmax_sums weigh(float *scores, ulong seen, score_terms terms) {
  float16 weights[CHUNK / 16];
#pragma unroll
  for (int v = 0; v < CHUNK / 16; ++v) weights[v] = vload16(v, scores);
#ifdef SOFT_CAP_BITS
#pragma unroll
  for (int v = 0; v < CHUNK / 16; ++v) weights[v] = soft_cap(weights[v]);
#endif
#if BIAS
  float biases[CHUNK];
  for (int i = 0; i < CHUNK; ++i) biases[i] = seen >> i & 1 ? terms.bias[i] : 0.0f;
#pragma unroll
  for (int v = 0; v < CHUNK / 16; ++v) weights[v] += vload16(v, biases);
#endif
#if SLOPES
#pragma unroll
  for (int v = 0; v < CHUNK / 16; ++v)
    weights[v] = fma((float16)(-terms.slope),
                     fabs((float16)(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15) + (terms.distance + 16 * v)),
                     weights[v]);
#endif
  if (seen != ALL_KEYS) {
    const int16 bits = (int16)(1) << (int16)(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
#pragma unroll
    for (int v = 0; v < CHUNK / 16; ++v)
      weights[v] = ((int16)((int)(seen >> (16 * v))) & bits) != 0 ? weights[v] : (float16)(-INFINITY);
  }
  softmax_sums sums;
  sums.greatest = greatest_lane(fmax(fmax(weights[0], weights[1]), fmax(weights[2], weights[3])));
  // While every score is −∞ nothing may be subtracted: −∞ − −∞ would make a NaN that a later key cannot undo.
  const float base = sums.greatest == -INFINITY ? 0.0f : sums.greatest;
#pragma unroll
  for (int v = 0; v < CHUNK / 16; ++v) {
    weights[v] = seen >> (16 * v) & 0xFFFF ? exponential(weights[v] - base) : (float16)(0.0f);
    vstore16(weights[v], v, scores);
  }
  sums.total = sum_of_lanes((weights[0] + weights[1]) + (weights[2] + weights[3]));
  return sums;
}
