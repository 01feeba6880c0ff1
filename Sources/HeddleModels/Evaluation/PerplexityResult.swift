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

  /// `1/k Σ ℓ` over the k scored tokens of each window, in nats a token.
  public var windowMeans: [Double] {
    let count = max(1, scoredTokenCount.divided(by: windowCount))
    return stride(from: 0, to: scoredTokenCount, by: count).map { first in
      negativeLogLikelihoods.part(from: first, to: first &+ count).reduce(0, +) / Double(count)
    }
  }

  /// The perplexity times the standard error of the mean over windows: `perplexity · √( Σ (mean(w) − mean)² / (W (W − 1)) )`
  /// for W windows w. The tokens of a window share a subject and are not independent, windows nearly are: this is what
  /// another text of the kind would differ by. nil for a single window.
  public var standardErrorOverWindows: Double? {
    let (means, mean) = (windowMeans, meanNegativeLogLikelihood)
    guard means.count > 1 else { return nil }
    let squares = means.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return perplexity * (squares / Double(means.count) / Double(means.count &- 1)).squareRoot()
  }

  /// ``runTokenCount`` over ``duration``.
  public var tokensPerSecond: Double? {
    let seconds = duration.inSeconds
    return seconds > 0 ? Double(runTokenCount) / seconds : nil
  }
}
