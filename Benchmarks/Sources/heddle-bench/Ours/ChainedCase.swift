import Heddle

/// A session whose run computes a case several times, with weights of its own each time.
final class ChainedCase: Contestant {
  private let chain: HeddleCase
  private let count: Int

  init(_ chain: HeddleCase, count: Int) {
    self.chain = chain
    self.count = count
  }

  var name: String { chain.name }

  /// Whole runs; the seconds of `count` cases among them.
  func run(count: Int) async throws -> Double {
    let runs = max(1, (count + self.count - 1) / self.count)
    return try await chain.run(count: runs) * Double(count) / Double(runs * self.count)
  }

  func output() async throws -> [Float] { try await chain.output() }
}
