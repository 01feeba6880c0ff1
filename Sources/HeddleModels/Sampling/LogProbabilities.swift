import HeapModule
import HeddleText
import RealModule

/// A token and the natural logarithm of its probability.
public struct TokenLogProbability: Hashable, Sendable, Codable {
  public var id: Int
  public var logProbability: Float

  public init(id: Int, logProbability: Float) {
    self.id = id
    self.logProbability = logProbability
  }
}

/// What a model thinks of each token: the logarithms of the softmax of its logits, before penalties, temperature and filters.
///
/// log p(id) = logit(id) − log Σ exp(logit), summed in float64. Tokens with a logit of +∞ share all probability.
public struct LogProbabilities: Sendable {
  private let logits: [Float]
  private let greatest: Float
  /// log Σ exp(logit − greatest)
  private let logSum: Double

  /// - Throws: ``SamplingError/noLogits``, ``SamplingError/notANumber(id:)``, ``SamplingError/nothingPossible``.
  public init(_ logits: [Float]) throws(SamplingError) {
    guard var greatest = logits.first else { throw .noLogits }
    for (id, logit) in logits.enumerated() {
      if logit.isNaN { throw .notANumber(id: id) }
      greatest = max(greatest, logit)
    }
    guard greatest > -.infinity else { throw .nothingPossible }
    self.logits = logits
    self.greatest = greatest
    logSum = Double.log(logits.reduce(0) { $0 + Double.exp(Self.distance($1, greatest)) })
  }

  private static func distance(_ logit: Float, _ greatest: Float) -> Double {
    logit == greatest ? 0 : Double(logit) - Double(greatest)
  }

  /// Nil for an id outside the vocabulary.
  public subscript(id: Int) -> Float? { logits[at: id].map { Float(Self.distance($0, greatest) - logSum) } }

  /// The most probable tokens, so many of them, the lower id first where two are equal.
  public func top(_ count: Int) -> [TokenLogProbability] {
    struct Entry: Comparable {
      var id: Int
      var logit: Float

      /// The less probable one.
      static func < (left: Entry, right: Entry) -> Bool {
        left.logit != right.logit ? left.logit < right.logit : left.id > right.id
      }
    }
    guard count > 0 else { return [] }
    var kept = Heap<Entry>()
    for (id, logit) in logits.enumerated() {
      let entry = Entry(id: id, logit: logit)
      if kept.count >= count {
        guard let least = kept.min, least < entry else { continue }
        _ = kept.popMin()
      }
      kept.insert(entry)
    }
    var top: [TokenLogProbability] = []
    while let entry = kept.popMin() {
      top.append(
        TokenLogProbability(
          id: entry.id, logProbability: Float(Self.distance(entry.logit, greatest) - logSum)))
    }
    return top.reversed()
  }
}
