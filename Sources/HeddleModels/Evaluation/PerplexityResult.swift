import HeddleText
import RealModule

/// What ``Perplexity`` found. n is the number of scored tokens, ℓ their negative log-likelihoods.
public struct PerplexityResult: Hashable, Sendable {
  /// The tokens of a window.
  public var context: Int
  public var windowCount: Int
  /// All tokens of the text, with those after the last window.
  public var textTokenCount: Int
  /// The tokens the model was run on.
  public var runTokenCount: Int
  /// `ℓ = −ln p` of each scored token, in nats, in the text's order.
  public var negativeLogLikelihoods: [Double]
  /// From the first window's start to the last score.
  public var duration: Duration

  public var scoredTokenCount: Int { negativeLogLikelihoods.count }

  /// `1/n Σ ℓ`, in nats a token; NaN if nothing was scored.
  public var meanNegativeLogLikelihood: Double {
    negativeLogLikelihoods.reduce(0, +) / Double(negativeLogLikelihoods.count)
  }

  /// `exp(1/n Σ ℓ)`
  public var perplexity: Double { .exp(meanNegativeLogLikelihood) }

  /// The perplexity times the standard error of the mean: `perplexity · √( (1/n Σ ℓ² − mean²) / (n − 1) )`, as if tokens
  /// were independent; nil for a single token.
  public var standardError: Double? {
    let (count, mean) = (Double(scoredTokenCount), meanNegativeLogLikelihood)
    guard count > 1 else { return nil }
    let variance = negativeLogLikelihoods.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
    return perplexity * (variance / (count - 1)).squareRoot()
  }

  /// ``runTokenCount`` over ``duration``.
  public var tokensPerSecond: Double? {
    let seconds = duration.inSeconds
    return seconds > 0 ? Double(runTokenCount) / seconds : nil
  }
}
