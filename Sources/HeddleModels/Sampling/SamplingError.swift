import HeddleText

/// What can be wrong with sampling options, or with the logits given to a sampler.
public enum SamplingError: Error, Sendable {
  case invalidTemperature(Float)
  case invalidTopK(Int)
  case invalidTopP(Float)
  case invalidMinP(Float)
  /// A repetition, frequency or presence penalty.
  case invalidPenalty(String, Float)
  /// How many tokens the penalties look at.
  case invalidWindow(Int)
  case noLogits
  /// The first token whose logit is NaN.
  case notANumber(id: Int)
  /// Every logit is −∞.
  case nothingPossible
}

/// Equal when they say the same, also of a NaN.
extension SamplingError: Hashable {
  public static func == (left: SamplingError, right: SamplingError) -> Bool { left.description == right.description }
  public func hash(into hasher: inout Hasher) { hasher.combine(description) }
}

extension SamplingError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .invalidTemperature(let value): "the temperature is \(value); it must be finite and not negative"
    case .invalidTopK(let value): "topK is \(value); it must be at least 1"
    case .invalidTopP(let value): "topP is \(value); it must be above 0 and at most 1"
    case .invalidMinP(let value): "minP is \(value); it must be in 0...1"
    case .invalidPenalty(let name, let value):
      Printable.text(
        "the \(name) penalty is \(value); it must be finite" + (name == "repetition" ? " and above 0" : ""))
    case .invalidWindow(let value): "the window of the penalties is \(value); it must be at least 1"
    case .noLogits: "there are no logits to sample from"
    case .notANumber(let id): "the logit of token \(id) is not a number"
    case .nothingPossible: "every logit is minus infinity"
    }
  }
}

extension SamplingError: HeddleError {
  public var kind: ErrorKind {
    switch self {
    case .invalidTemperature, .invalidTopK, .invalidTopP, .invalidMinP, .invalidPenalty, .invalidWindow:
      .invalidArgument
    case .noLogits, .notANumber, .nothingPossible: .invalidData
    }
  }
}
