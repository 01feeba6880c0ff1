/// A function of one value that a network puts between products: a ``Unary`` operation by itself, or part of a
/// ``MatMul/Epilogue-swift.struct``.
///
/// | function | value | at −∞ |
/// |---|---|---|
/// | `relu` | `x < 0 ? 0 : x` | 0 |
/// | `silu` | `x / (1 + exp(−x))` | −0 |
/// | `gelu` | `½x · (1 + erf(x / √2))` | 0 |
/// | `geluTanh` | `½x · (1 + tanh(√(2/π) · (x + 0.044715x³)))` | −0 |
///
/// NaN gives NaN and nothing else does; each keeps the sign of a zero; +∞ gives +∞. Where a value is too small for a
/// normal float32, a device may give a zero.
///
/// - Source: Hendrycks and Gimpel, *Gaussian Error Linear Units*, 2016; Elfwing et al., *Sigmoid-Weighted Linear
///   Units*, 2017.
public enum Activation: String, Hashable, Codable, Sendable, CaseIterable, ChoiceText {
  case relu, silu, gelu, geluTanh

  static let meaning = "an activation"
}
