// The functions of one value: one expression for a float (…_scalar) and, in wide programs, for a float16 (…_wide), with
// an exponential of their own, so that both give the same bits wherever division is correctly rounded: on CPUs.
//
//   exponential(x)  exp(x)
//   relu(x)         x < 0 ? 0 : x                    relu(−0) = −0
//   sigmoid(x)      1 / (1 + exp(−x))
//   silu(x)         x / (1 + exp(−x))                silu(−∞) = −0
//   gelu(x)         x · Φ(x), Φ the normal distribution's: ½x(1 + erf(x / √2))      gelu(−∞) = 0
//   gelu_tanh(x)    ½x(1 + tanh(√(2/π) · (x + 0.044715x³))) = x · sigmoid(2√(2/π) · (x + 0.044715x³))
//                                                    gelu_tanh(−∞) = −0
//
// Numbers    NaN in, NaN out; nothing else gives NaN. With u = 2⁻²⁴ and a division within 2.5 ulp:
//            exponential    within 2 u of its value; below the least normal float a device may give 0
//            silu, sigmoid  within 8 u of their value, and flushed to zero where exp(−x) overflows, below −88.7
//            gelu           within u · (2·|gelu(x)| + |x| · Φ(−|x|) · (20 + x²)): at most 4 u · max(1, |x|)
//            gelu_tanh      within u · |gelu_tanh(x)| · (12 + 8z), z = √(2/π) · |x + 0.044715x³|
// After      Hendrycks and Gimpel, Gaussian Error Linear Units, 2016; Elfwing et al., Sigmoid-Weighted Linear
//            Units, 2017

// exp(x) = 2ⁿ · exp(r), n the nearest to x / ln 2 and |r| ≤ ½ ln 2: a polynomial of degree 6, within 0.06 u. 2ⁿ is two
// factors, so that neither overflows where the product does not. Devices' own differ between a float and a vector.
//
// The upper tail of the normal distribution is exp(−½t²) times a smooth function of v = 1 / (1 + 0.35t), v times a
// polynomial within 0.6 u of it on 0 ≤ t ≤ 15, where the tail is below the least float. No cancellation on either side
// of zero, which ½(1 + erf) has below it.
#define DEFINE_ACTIVATION_FUNCTIONS(T, I, SHAPE, TO_INTEGER, AS_FLOAT)                             \
  static T exponential_##SHAPE(T x) {                                                              \
    const T bounded = fmin(fmax(x, (T)(-104.0f)), (T)(89.0f));                                     \
    const T n = rint(bounded * 0x1.715476p+0f);                                                    \
    const T r = fma(n, (T)(-0x1.7f7d1cp-20f), fma(n, (T)(-0x1.62e4p-1f), bounded));                \
    T p = fma((T)(0x1.6a23dp-10f), r, (T)(0x1.123a2p-7f));                                         \
    p = fma(p, r, (T)(0x1.5558f2p-5f));                                                            \
    p = fma(p, r, (T)(0x1.555492p-3f));                                                            \
    p = fma(p, r, (T)(0x1.fffffcp-2f));                                                            \
    p = fma(p * r, r, r) + 1.0f;                                                                   \
    const I exponent = TO_INTEGER(n);                                                              \
    const I half_of_it = exponent >> 1;                                                            \
    p = p * AS_FLOAT((half_of_it + 127) << 23) * AS_FLOAT((exponent - half_of_it + 127) << 23);    \
    return select(p, x, isnan(x));                                                                 \
  }                                                                                                \
  static T relu_##SHAPE(T x) { return select(x, (T)(0.0f), isless(x, (T)(0.0f))); }                \
  static T sigmoid_##SHAPE(T x) { return 1.0f / (1.0f + exponential_##SHAPE(-x)); }                \
  static T silu_##SHAPE(T x) { return fmax(x, (T)(-FLT_MAX)) / (1.0f + exponential_##SHAPE(-x)); } \
  static T gelu_##SHAPE(T x) {                                                                     \
    const T t = fmin(fabs(x), (T)(15.0f));                                                         \
    const T v = 1.0f / fma((T)(0.35f), t, (T)(1.0f));                                              \
    T p = fma((T)(-0x1.ddd1d4p-6f), v, (T)(0x1.270908p-3f));                                       \
    p = fma(p, v, (T)(-0x1.060ad2p-2f));                                                           \
    p = fma(p, v, (T)(0x1.466f16p-3f));                                                            \
    p = fma(p, v, (T)(-0x1.7d23e8p-6f));                                                           \
    p = fma(p, v, (T)(0x1.b06ed6p-4f));                                                            \
    p = fma(p, v, (T)(0x1.eac3bep-4f));                                                            \
    p = fma(p, v, (T)(0x1.1e713p-3f));                                                             \
    p = fma(p, v, (T)(0x1.1df1cp-3f));                                                             \
    return relu_##SHAPE(x) - t * (p * v * exponential_##SHAPE(-0.5f * t * t));                     \
  }                                                                                                \
  static T gelu_tanh_##SHAPE(T x) {                                                                \
    const T z = x * fma((T)(0.0713548163f), x * x, (T)(1.5957691216f));                            \
    return fmax(x, (T)(-FLT_MAX)) / (1.0f + exponential_##SHAPE(-z));                              \
  }

DEFINE_ACTIVATION_FUNCTIONS(float, int, scalar, convert_int, as_float)
#if SHAPE_WIDE
DEFINE_ACTIVATION_FUNCTIONS(float16, int16, wide, convert_int16, as_float16)
#endif
