import HeapModule
import HeddleTypes
import RealModule

/// Chooses tokens from logits: temperature, then `topK`, then softmax, then `topP`, then a draw.
///
/// Equal logits are ordered by id, the lower first. +∞ is certain: tokens that have it share all probability.
/// Weights are computed in double precision; one number of the generator is used for each draw, none when greedy.
public struct Sampler: Sendable {
  public let options: SamplingOptions
  private var generator: SplitMix64

  public init(_ options: SamplingOptions) throws(SamplingError) {
    try options.validate()
    self.options = options
    generator = SplitMix64(seed: options.seed ?? UInt64.random(in: .min ... .max))
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
    guard options.temperature > 0 else { return best }
    let candidates = Self.weighed(logits, best: logits[best], temperature: Double(options.temperature))
    return draw(from: candidates, count: logits.count) ?? best
  }

  /// A token and its share of the probability, not normalized; the more probable comes first.
  private struct Candidate: Comparable {
    var id: Int
    /// The logit: what weights too small to differ are ordered by.
    var logit: Float
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

  /// weight = exp((logit − best) / temperature)
  private static func weighed(
    _ logits: UnsafeBufferPointer<Float>, best: Float, temperature: Double
  ) -> [Candidate] {
    logits.enumerated().map { id, logit in
      let weight = logit == best ? 1 : Double.exp((Double(logit) - Double(best)) / temperature)
      return Candidate(id: id, logit: logit, weight: weight)
    }
  }

  private mutating func draw(from all: [Candidate], count: Int) -> Int? {
    var candidates = all
    let topK = options.topK.map { min($0, count) } ?? count
    let topP = options.topP.map(Double.init) ?? 1
    if topK < count {
      var queue = Heap(all)
      candidates = (0..<max(0, topK)).compactMap { _ in queue.popMin() }
    }
    var total = candidates.reduce(0) { $0 + $1.weight }
    if topP < 1 {
      var queue = Heap(candidates)
      var kept: [Candidate] = []
      var sum = 0.0
      while sum < topP * total, let next = queue.popMin() {
        kept.append(next)
        sum += next.weight
      }
      (candidates, total) = (kept, sum)
    }
    var remaining = generator.nextUnit() * total
    for candidate in candidates {
      remaining -= candidate.weight
      if remaining < 0 { return candidate.id }
    }
    // Rounding may leave a trace: the last token that is possible at all takes it.
    return candidates.last { $0.weight > 0 }?.id
  }
}
