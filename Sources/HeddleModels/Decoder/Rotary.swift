import HeddleGraph
import HeddleTypes
import RealModule

/// How positions turn the heads of queries and keys: see ``RotaryEmbedding``.
public struct Rotary: Hashable, Codable, Sendable {
  /// Which values of a head are a pair, as the family's files store heads.
  public let pairing: RotaryEmbedding.Pairing
  public let base: Float
  /// How many of a head's values are turned, from the first on; an even number.
  public let dimensions: Int
  public let scaling: RotaryScaling

  init(pairing: RotaryEmbedding.Pairing, base: Float, dimensions: Int, scaling: RotaryScaling = .none) {
    self.pairing = pairing
    self.base = base
    self.dimensions = dimensions
    self.scaling = scaling
  }
}

/// How frequencies differ from those of the base, for contexts beyond those that a model was first trained with.
public enum RotaryScaling: Hashable, Codable, Sendable {
  case none
  /// Positions are multiplied with the scale.
  case linear(scale: Float)
  /// The file may have a tensor `rope_freqs.weight`, `[dimensions / 2]`, that frequencies are divided by; positions are multiplied
  /// with the scale.
  case factors(Presence, scale: Float)
  /// Frequencies are divided by `rope_factors_short.weight` in sequences of at most `originalContext` tokens, by
  /// `rope_factors_long.weight` in those that have room for more; turned values are multiplied with the magnitude.
  ///
  /// - Source: Ding et al., *LongRoPE*, 2024.
  case long(Presence, originalContext: Int, magnitude: Float)
  case yarn(YaRN)
}

/// Frequencies between those of the base and those divided by the factor: fast ones stay, slow ones are divided.
///
/// ```
/// pair(β) = dimensions · ln(originalContext / (2πβ)) / (2 ln base)
/// low = max(0, ⌊pair(fastBeta)⌋),  high = min(dimensions − 1, ⌈pair(slowBeta)⌉), as they are if they are not rounded
/// r[i] = clamp((i − low) / max(0.001, high − low), 0, 1)
/// frequency[i] = base^(−2i / dimensions) · (r[i] / factor + 1 − r[i])
/// ```
///
/// Turned values are multiplied with the magnitude.
///
/// - Source: Peng et al., *YaRN*, 2023.
public struct YaRN: Hashable, Codable, Sendable {
  public let factor: Float
  public let originalContext: Int
  public let fastBeta: Float
  public let slowBeta: Float
  public let magnitude: Float
  /// Whether low and high are whole.
  public let isRounded: Bool

  /// What the base's frequencies are divided by, one for each pair.
  func factors(base: Float, dimensions: Int) -> [Float] {
    func pair(_ beta: Float) -> Double {
      let turns = Double(originalContext) / (2 * Double.pi * Double(beta))
      return Double(dimensions) * .log(turns) / (2 * .log(Double(base)))
    }
    let (first, last) = (pair(fastBeta), pair(slowBeta))
    let low = max(0, isRounded ? first.rounded(.down) : first)
    let high = min(Double(dimensions &- 1), isRounded ? last.rounded(.up) : last)
    return (0..<max(0, dimensions / 2)).map { index in
      let ramp = min(max((Double(index) - low) / max(0.001, high - low), 0), 1)
      return Float(1 / (ramp / Double(factor) + 1 - ramp))
    }
  }
}

extension Rotary {
  /// What positions are multiplied with.
  public var frequencyScale: Float {
    switch scaling {
    case .linear(let scale), .factors(_, let scale): scale
    case .none, .long, .yarn: 1
    }
  }

  /// What turned values are multiplied with.
  public var magnitude: Float {
    switch scaling {
    case .none, .linear, .factors: 1
    case .long(_, _, let magnitude): magnitude
    case .yarn(let yarn): yarn.magnitude
    }
  }

  var operation: RotaryEmbedding {
    RotaryEmbedding(
      base: base, rotatedDimensions: dimensions, pairing: pairing, frequencyScale: frequencyScale, magnitude: magnitude)
  }
}

extension DecoderDescription {
  /// The most tokens of a sequence that short rotary factors are for, and whether a file must have them; nil if there are no others.
  var shortFactors: (context: Int, presence: Presence)? {
    for run in layers {
      guard case .grouped(let attention) = run.mixer,
        case .long(let presence, let context, _) = attention.rotary?.scaling
      else { continue }
      return (context, presence)
    }
    return nil
  }
}

extension Symbol {
  /// Bound by ``ModelSession`` where a model has rotary factors for long contexts: 1 if the sequence has room for more tokens than the
  /// short ones are for, else 0.
  public static let longFactors: Symbol = "long_factors"
}
