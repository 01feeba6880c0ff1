import HeddlePlanning

/// What was measured for one problem, and what follows from it.
public struct TuningEntry: Hashable, Codable, Sendable {
  /// One candidate's time for all nodes of the tuned graph that share the problem.
  public struct Measured: Hashable, Codable, Sendable {
    public var name: String
    /// The sum of the nodes' medians over the rounds.
    public var seconds: Double

    public init(name: String, seconds: Double) {
      self.name = name
      self.seconds = seconds
    }
  }

  public var signature: ProblemSignature
  /// SHA-256 of all candidates' names and programs: an entry of other programs says nothing.
  public var digest: String
  /// In the lowering's order: the first is the default.
  public var candidates: [Measured]
  public var chosen: String

  /// A candidate must be this much faster than the default to be taken: below that, a change would be noise.
  static let leastGain = 1.03

  /// Takes the fastest candidate if it is clearly faster than the default.
  init(signature: ProblemSignature, digest: String, candidates: [Measured]) {
    self.signature = signature
    self.digest = digest
    self.candidates = candidates
    chosen = candidates.first?.name ?? ""
    if let standard = candidates.first, let best = candidates.min(by: { $0.seconds < $1.seconds }),
      best.seconds * Self.leastGain <= standard.seconds
    {
      chosen = best.name
    }
  }

  /// How many times faster the chosen candidate is than the default.
  public var gain: Double {
    guard let standard = candidates.first, let best = candidates.first(where: { $0.name == chosen }), best.seconds > 0
    else { return 1 }
    return standard.seconds / best.seconds
  }

  /// Whether this can have been written by a tuner.
  var isPlausible: Bool {
    candidates.contains { $0.name == chosen } && Set(candidates.map(\.name)).count == candidates.count
      && candidates.allSatisfy { $0.seconds.isFinite && $0.seconds >= 0 }
  }

  /// The middle value; the mean of the two middle ones of an even count.
  static func median(_ values: [Double]) -> Double? {
    let sorted = values.sorted()
    guard !sorted.isEmpty else { return nil }
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }
}

extension TuningEntry: CustomStringConvertible {
  public var description: String {
    "\(signature)\n      \(TuningReport.line(candidates, chosen: chosen))"
  }
}
