import HeapModule
import HeddleText
import HeddleTypes
import RealModule

/// Chooses tokens from logits, as ``SamplingOptions`` say and in their order: penalties, temperature, `topK`, softmax,
/// `topP`, `minP`, then a draw. Penalties count the tokens that ``observe(_:)`` was told of.
///
/// Equal logits are ordered by id, the lower first. +∞ is certain: tokens that have it share all probability.
/// Weights are computed in double precision; one number of the generator is used for each draw, none when greedy.
public struct Sampler: Sendable {
  public let options: SamplingOptions
  private var generator: SplitMix64
  private var seen: SeenTokens

  public init(_ options: SamplingOptions) throws(SamplingError) {
    try options.validate()
    self.options = options
    generator = SplitMix64(seed: options.seed ?? UInt64.random(in: .min ... .max))
    seen = SeenTokens(window: options.repetitionWindow)
  }

  /// Takes notice of tokens of the sequence, the prompt's and chosen ones, in their order.
  public mutating func observe(_ ids: some Sequence<Int>) {
    guard options.hasPenalties else { return }
    for id in ids { seen.append(id) }
  }

  /// The id of the next token. A refused call leaves the generator where it was.
  public mutating func sample(_ logits: [Float]) throws(SamplingError) -> Int {
    let choice = logits.withUnsafeBufferPointer { logits in
      Result { () throws(SamplingError) in try sample(logits) }
    }
    return try choice.get()
  }

  /// The id of the next token, from logits that stay where they are.
  public mutating func sample(_ logits: UnsafeBufferPointer<Float>) throws(SamplingError) -> Int {
    let best = try Self.greatest(logits)
    if !options.hasPenalties, options.temperature == 0 { return best }
    let kept = candidates(logits, best: best)
    guard options.temperature > 0 else { return kept.first?.id ?? best }
    return draw(from: kept) ?? best
  }

  /// What a draw chooses among: tokens and their probabilities, the greatest logit's alone at temperature 0.
  func distribution(_ logits: [Float]) throws(SamplingError) -> [(id: Int, probability: Double)] {
    let result = logits.withUnsafeBufferPointer { logits in
      Result { () throws(SamplingError) in candidates(logits, best: try Self.greatest(logits)) }
    }
    let kept = try result.get()
    let total = kept.reduce(0) { $0 + $1.weight }
    return kept.map { (id: $0.id, probability: $0.weight / total) }
  }

  /// The tokens that the options leave, weighed.
  private func candidates(_ logits: UnsafeBufferPointer<Float>, best: Int) -> [Candidate] {
    guard options.hasPenalties else {
      return filtered(weighed(logits.lazy.map(Double.init), best: Double(logits[best])))
    }
    let others = penalized(logits)
    guard let greatest = others.max(), let first = others.firstIndex(of: greatest) else { return [] }
    guard options.temperature > 0 else { return [Candidate(id: first, logit: greatest, weight: 1)] }
    return filtered(weighed(others, best: greatest))
  }

  /// A token and its share of the probability, not normalized; the more probable comes first.
  private struct Candidate: Comparable {
    var id: Int
    /// The logit: what weights too small to differ are ordered by.
    var logit: Double
    var weight: Double

    static func < (left: Candidate, right: Candidate) -> Bool {
      left.logit != right.logit ? left.logit > right.logit : left.id < right.id
    }
  }

  private static func greatest(_ logits: UnsafeBufferPointer<Float>) throws(SamplingError) -> Int {
    guard var best = logits.indices.first else { throw .noLogits }
    for id in logits.indices {
      if logits[id].isNaN { throw .notANumber(id: id) }
      if logits[id] > logits[best] { best = id }
    }
    guard logits[best] > -.infinity else { throw .nothingPossible }
    return best
  }

  /// The logits less what their tokens are penalized for: (logit over or times the repetition penalty) − count · frequency
  /// − presence.
  private func penalized(_ logits: UnsafeBufferPointer<Float>) -> [Double] {
    var result = logits.map(Double.init)
    let repetition = Double(options.repetitionPenalty ?? 1)
    let (frequency, presence) = (Double(options.frequencyPenalty ?? 0), Double(options.presencePenalty ?? 0))
    for (id, count) in seen.counts {
      result.update(at: id) { logit in
        // What is certain or impossible stays so.
        guard logit.isFinite else { return }
        logit = logit > 0 ? logit / repetition : logit * repetition
        logit -= Double(count) * frequency + presence
      }
    }
    return result
  }

  /// weight = exp((logit − best) / temperature)
  private func weighed(_ logits: some Sequence<Double>, best: Double) -> [Candidate] {
    let temperature = Double(options.temperature)
    return logits.enumerated().map { id, logit in
      let weight = logit == best ? 1 : Double.exp((logit - best) / temperature)
      return Candidate(id: id, logit: logit, weight: weight)
    }
  }

  /// Those that `topK`, `topP` and `minP` leave, in this order.
  private func filtered(_ all: [Candidate]) -> [Candidate] {
    var candidates = all
    if let topK = options.topK, topK < all.count {
      var queue = Heap(all)
      candidates = (0..<max(0, topK)).compactMap { _ in queue.popMin() }
    }
    if let topP = options.topP.map(Double.init), topP < 1 {
      let total = candidates.reduce(0) { $0 + $1.weight }
      var queue = Heap(candidates)
      var kept: [Candidate] = []
      var sum = 0.0
      while sum < topP * total, let next = queue.popMin() {
        kept.append(next)
        sum += next.weight
      }
      candidates = kept
    }
    if let minP = options.minP.map(Double.init), minP > 0, let greatest = candidates.map(\.weight).max() {
      candidates = candidates.filter { $0.weight >= minP * greatest }
    }
    return candidates
  }

  private mutating func draw(from candidates: [Candidate]) -> Int? {
    var remaining = generator.nextUnit() * candidates.reduce(0) { $0 + $1.weight }
    for candidate in candidates {
      remaining -= candidate.weight
      if remaining < 0 { return candidate.id }
    }
    // Rounding may leave a trace: the last token that is possible at all takes it.
    return candidates.last { $0.weight > 0 }?.id
  }
}
