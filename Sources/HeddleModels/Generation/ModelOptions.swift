import HeddleTypes

/// How a model is opened.
public struct ModelOptions: Hashable, Sendable {
  /// The most tokens of one step. A longer prompt is cut; the intermediate values of a step grow with it.
  public var chunk: Int
  /// Whether a step gives `hidden.N`, the last token's values after the embedding (0) and after each layer.
  public var hiddenStates: Bool
  /// Whether a step gives `all_logits`, those after each of its tokens: 4 bytes for each token of a chunk and each of the
  /// vocabulary.
  public var allLogits: Bool
  /// What products with quantized weights multiply.
  public var activations: ActivationPrecision
  /// How keys and values are kept between steps.
  public var cache: CachePrecision
  /// What of experts is counted, chosen or moved.
  public var experts: ExpertOptions

  public init(
    chunk: Int = 512, hiddenStates: Bool = false, allLogits: Bool = false, activations: ActivationPrecision = .exact,
    cache: CachePrecision = .f32, experts: ExpertOptions = ExpertOptions()
  ) {
    self.chunk = chunk
    self.hiddenStates = hiddenStates
    self.allLogits = allLogits
    self.activations = activations
    self.cache = cache
    self.experts = experts
  }

  /// Above this, larger chunks gain nothing and only take memory.
  public static let chunkRange = 1...4096
}

/// What products with quantized weights multiply.
public enum ActivationPrecision: String, Hashable, Sendable, CaseIterable {
  /// Activations as they are: a product is the product with the weights' values, but for the rounding of its sum.
  case exact
  /// Activations of eight bits, quantized as they come (``QuantizeActivations``): whole numbers are multiplied, which is faster. Each
  /// activation is off by at most 1/254 of the greatest magnitude among its 32 neighbours.
  case int8
}

/// How the keys and values of attention are kept between steps. All are multiplied as float32; two bytes halve what a token
/// reads of them.
public enum CachePrecision: String, Hashable, Sendable, CaseIterable {
  case f32
  /// Rounded to eleven bits, below 2⁻¹⁴ to multiples of 2⁻²⁴; from 65,520 on infinite, which makes NaN of what sees it:
  /// ``bf16`` where magnitudes may be so great.
  case f16
  /// Rounded to eight bits, of the range of float32.
  case bf16
  /// Levels of eight bits, about a quarter of float32's bytes: blocks of 32 values share a scale, and a value is off by about 1/254 of
  /// the greatest magnitude of its block. Of heads whose lengths are multiples of 32.
  case q8_0

  var encoding: Encoding {
    switch self {
    case .f32: .float32
    case .f16: .float16
    case .bf16: .bfloat16
    case .q8_0: .q8_0
    }
  }
}
