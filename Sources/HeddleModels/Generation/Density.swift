import HeddleText
import HeddleTypes
import RealModule

/// How much of a model with nested sparse weights a step uses. Other models have no choice.
public enum Density: Hashable, Sendable {
  /// All that is stored.
  case full
  /// The first of each span, the most important.
  case kept(Int)
  /// Chosen anew for each token.
  case adaptive(DensityPolicy)
}

/// Chooses the density of a step from how sure the model was before it: an easy input is computed more sparsely.
///
///     H = −Σ pᵢ ln pᵢ,  p = softmax(logits of the last step)                in nats: 0 sure, ln V knows nothing
///     kept = easy if H ≤ low, hard if H ≥ high, between them in proportion, rounded up
///
/// An example of a policy, not a trained one: whatever gives a number of kept places for a step can stand in its place
/// (``ModelSession/step(_:outputs:options:deadline:observer:)``).
public struct DensityPolicy: Hashable, Sendable {
  /// Places of a span that are used after a sure token.
  public var easy: Int
  /// Places that are used after an unsure one, and for the prompt.
  public var hard: Int
  /// H of a sure token and of an unsure one, in nats.
  public var entropies: ClosedRange<Double>

  public init(easy: Int, hard: Int, entropies: ClosedRange<Double> = 0.5...2.5) {
    self.easy = easy
    self.hard = hard
    self.entropies = entropies
  }

  /// The places a step uses that follows these logits. Logits that are not finite count as unsure.
  public func kept(after logits: [Float]) -> Int {
    let entropy = Self.entropy(logits)
    guard entropy > entropies.lowerBound else { return easy }
    guard entropy < entropies.upperBound else { return hard }
    let share = (entropy - entropies.lowerBound) / (entropies.upperBound - entropies.lowerBound)
    let kept = Double(easy) + (share * (Double(hard) - Double(easy))).rounded(.up)
    // A range without bounds says nothing of a share.
    return Int(exactly: kept) ?? hard
  }

  /// H of the softmax, in nats; infinite if some logit is not finite, or there is none.
  static func entropy(_ logits: [Float]) -> Double {
    guard let greatest = logits.max(), logits.allSatisfy(\.isFinite) else { return .infinity }
    var (total, weighted) = (0.0, 0.0)
    for logit in logits {
      let difference = Double(logit) - Double(greatest)
      let weight = Double.exp(difference)
      total += weight
      weighted += weight * difference
    }
    return .log(total) - weighted / total
  }
}

extension Density {
  /// Everything it can ask of a step.
  var choices: [Bindings] {
    switch self {
    case .full: []
    case .kept(let kept): [[.kept: kept]]
    case .adaptive(let policy): [[.kept: policy.easy], [.kept: policy.hard]]
    }
  }

  var ofPrompt: Bindings { choices.last ?? [:] }

  /// What a step must bring back beside what the choice of its token needs.
  var outputs: Set<String> { if case .adaptive = self { ["logits"] } else { [] } }

  /// What a step chooses that follows a step with these outputs.
  func ofStep(after outputs: NameTable<Tensor>, position: Int) throws -> Bindings {
    guard case .adaptive(let policy) = self else { return ofPrompt }
    return [.kept: policy.kept(after: try ModelOutput.logits(outputs, position: position))]
  }
}
