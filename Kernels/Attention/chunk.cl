// What wide attention computes of one chunk of keys for one query, and how chunks are merged: in one order, whichever
// kernel does it, so that bits (of what is no NaN) depend on the query, its keys and their places alone.
//
//   s_j = Σ_d (scale · q_d) · k_jd            8 interleaved fma chains (chain c: d = c, c + 8, …), merged by halves
//         then cap · tanh(s_j / cap), if there is a cap; −∞ of a key that is not seen
//   m = max_j s_j,  w_j = e^(s_j − m),  l = Σ_j w_j        16 lanes of (w_j + w_j+16) + (w_j+32 + w_j+48), merged by halves
//   o_e = Σ_j w_j · v_je                      one fma chain in the order of j, of the keys that the query sees
//
// A chunk is the keys 64·c … 64·c + 63. Chunks merge in order into (m, l, o), which begins as (−∞, 0, 0):
//
//   m' = max(m, m_c),  a = e^(m − m'),  b = e^(m_c − m'):   l = fma(l_c, b, l · a),  o = fma(o_c, b, o · a)
//
// A chunk of l = 0, none of whose keys is seen or whose scores are all −∞, is not merged. The output is o / l, or 0 where
// l = 0; its log-sum-exp m + log l, or −∞.
//
// Defines    CHUNK (64)  VALUE_DIMENSION (E, a multiple of 8)  those of log_sums.cl
// Numbers    weights below e^−87 are 0, so an infinite value beside them gives NaN
// After      Dao et al., FlashAttention, 2022
#if !defined(CHUNK) || !defined(VALUE_DIMENSION)
#error "CHUNK and VALUE_DIMENSION must be defined"
#endif
#include "Attention/log_sums.cl"
REQUIRE(CHUNK == 64, a_chunk_is_four_vectors);
#define CHAINS 8

// e^x of x ≤ 0, off by less than a unit in the last place; 0 where the result has no full precision, NaN of NaN.
#define DEFINE_EXPONENTIAL(FLOATS, INTS, AS_FLOATS, AS_INTS)                                            \
  static __attribute__((always_inline, overloadable)) FLOATS exponential(FLOATS x) {                    \
    const FLOATS shifted = fma(x, (FLOATS)(0x1.715476p0f), (FLOATS)(0x1.8p23f));                        \
    const FLOATS power = shifted - (FLOATS)(0x1.8p23f);                                                 \
    const FLOATS rest = fma(power, (FLOATS)(-0x1.7f7d1cp-20f), fma(power, (FLOATS)(-0x1.62e4p-1f), x)); \
    FLOATS sum = fma((FLOATS)(0x1.6a232ap-10f), rest, (FLOATS)(0x1.123932p-7f));                        \
    sum = fma(sum, rest, (FLOATS)(0x1.5558fp-5f));                                                      \
    sum = fma(sum, rest, (FLOATS)(0x1.555492p-3f));                                                     \
    sum = fma(sum, rest, (FLOATS)(0x1.fffffcp-2f));                                                     \
    sum = fma(sum, rest, (FLOATS)(1.0f));                                                               \
    sum = fma(sum, rest, (FLOATS)(1.0f));                                                               \
    const FLOATS scale = AS_FLOATS((AS_INTS(shifted) << 23) + 0x3F800000);                              \
    return x < (FLOATS)(-87.0f) ? (FLOATS)(0.0f) : sum * scale;                                         \
  }
DEFINE_EXPONENTIAL(float2, int2, as_float2, as_int2)
DEFINE_EXPONENTIAL(float16, int16, as_float16, as_int16)

static __attribute__((always_inline)) float sum_of_lanes(float16 value) {
  const float8 eight = value.lo + value.hi;
  const float4 four = eight.lo + eight.hi;
  const float2 two = four.lo + four.hi;
  return two.lo + two.hi;
}

static __attribute__((always_inline)) float greatest_lane(float16 value) {
  const float8 eight = fmax(value.lo, value.hi);
  const float4 four = fmax(eight.lo, eight.hi);
  const float2 two = fmax(four.lo, four.hi);
  return fmax(two.lo, two.hi);
}

// A chunk's m and l, or those of all chunks so far.
typedef struct {
  float greatest, total;
} softmax_sums;
#define NO_SUMS ((softmax_sums){-INFINITY, 0.0f})

// Merges the sums of a chunk, of l ≠ 0, into those so far, and gives the factors (a, b) of the outputs.
static __attribute__((always_inline)) float2 merge_sums(softmax_sums *so_far, softmax_sums chunk) {
  const float greatest = fmax(so_far->greatest, chunk.greatest);
  const float2 factors = exponential((float2)(so_far->greatest, chunk.greatest) - greatest);
  so_far->greatest = greatest;
  so_far->total = fma(chunk.total, factors.hi, so_far->total * factors.lo);
  return factors;
}
#define MERGED(so_far, chunk, factors) fma(chunk, (VALUES)((factors).hi), (so_far) * (VALUES)((factors).lo))

// Lanes of an output; each is computed alone.
#if VALUE_DIMENSION % 16 == 0
#define VALUES float16
#define LANES_OF_VALUES 16
#define LOAD_VALUES(p) vload16(0, p)
#define STORE_VALUES(values, p) vstore16(values, 0, p)
#else
#define VALUES float8
#define LANES_OF_VALUES 8
#define LOAD_VALUES(p) vload8(0, p)
#define STORE_VALUES(values, p) vstore8(values, 0, p)
#endif

// What a chunk's sums of values begin with: added to nothing it leaves each value its sign.
#define NO_VALUES ((VALUES)(-0.0f))

// Writes the output of sums over all chunks, which are 0 where no key is seen.
#define STORE_OUTPUT(sums, total, p) STORE_VALUES((sums) / (VALUES)((total) == 0.0f ? 1.0f : (total)), p)
