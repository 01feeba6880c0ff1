// The functions of one value: one expression for a float (…_scalar) and for a float16 (…_wide), so that both give the
// same bits where the device's exp does.
//
//   relu(x)      x < 0 ? 0 : x                    relu(−0) = −0
//   sigmoid(x)   1 / (1 + exp(−x))
//   silu(x)      x / (1 + exp(−x))                silu(−∞) = −0
//   gelu(x)      x · Φ(x), Φ the normal distribution's: ½x(1 + erf(x / √2))      gelu(−∞) = 0
//   gelu_tanh(x) ½x(1 + tanh(√(2/π) · (x + 0.044715x³))) = x · sigmoid(2√(2/π) · (x + 0.044715x³))
//                                                 gelu_tanh(−∞) = −0
//
// Numbers    NaN in, NaN out; nothing else gives NaN. With u = 2⁻²⁴ and an exp within 3 ulp:
//            silu, sigmoid  within 12 u of their value, and flushed to zero where exp(−x) overflows, below −88.7
//            gelu           within u · (2·|gelu(x)| + |x| · Φ(−|x|) · (20 + x²)): at most 4 u · max(1, |x|)
//            gelu_tanh      within u · |gelu_tanh(x)| · (12 + 8z), z = √(2/π) · |x + 0.044715x³|
// After      Hendrycks and Gimpel, Gaussian Error Linear Units, 2016; Elfwing et al., Sigmoid-Weighted Linear Units,
// 2017

// The upper tail of the normal distribution is exp(−½t²) times a smooth function of u = 1 / (1 + 0.35t), u times a
// polynomial within 0.6 · 2⁻²⁴ of it on 0 ≤ t ≤ 15, where the tail is below the least float. No cancellation on
// either side of zero, which ½(1 + erf) has below it, and no erf, which devices do as one value after the other.
#define DEFINE_ACTIVATION_FUNCTIONS(T, SHAPE)                                       \
  static T relu_##SHAPE(T x) { return select(x, (T)(0.0f), isless(x, (T)(0.0f))); } \
  static T sigmoid_##SHAPE(T x) { return 1.0f / (1.0f + exp(-x)); }                 \
  static T silu_##SHAPE(T x) { return fmax(x, (T)(-FLT_MAX)) / (1.0f + exp(-x)); }  \
  static T gelu_##SHAPE(T x) {                                                      \
    const T t = fmin(fabs(x), (T)(15.0f));                                          \
    const T u = 1.0f / fma((T)(0.35f), t, (T)(1.0f));                               \
    T p = fma((T)(-0x1.ddd1d4p-6f), u, (T)(0x1.270908p-3f));                        \
    p = fma(p, u, (T)(-0x1.060ad2p-2f));                                            \
    p = fma(p, u, (T)(0x1.466f16p-3f));                                             \
    p = fma(p, u, (T)(-0x1.7d23e8p-6f));                                            \
    p = fma(p, u, (T)(0x1.b06ed6p-4f));                                             \
    p = fma(p, u, (T)(0x1.eac3bep-4f));                                             \
    p = fma(p, u, (T)(0x1.1e713p-3f));                                              \
    p = fma(p, u, (T)(0x1.1df1cp-3f));                                              \
    return relu_##SHAPE(x) - t * (p * u * exp(-0.5f * t * t));                      \
  }                                                                                 \
  static T gelu_tanh_##SHAPE(T x) {                                                 \
    const T z = x * fma((T)(0.0713548163f), x * x, (T)(1.5957691216f));             \
    return fmax(x, (T)(-FLT_MAX)) / (1.0f + exp(-z));                               \
  }

DEFINE_ACTIVATION_FUNCTIONS(float, scalar)
DEFINE_ACTIVATION_FUNCTIONS(float16, wide)
