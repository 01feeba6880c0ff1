import Foundation
import Testing

@testable import HeddleModels

/// How many places a step uses after which logits.
@Suite struct DensityTests {
  private let policy = DensityPolicy(easy: 4, hard: 12, entropies: 0.5...1.5)

  /// Two tokens of equal logits are ln 2 nats, four ln 4; one far above all others none.
  @Test func `entropies by hand`() {
    #expect(abs(DensityPolicy.entropy([3, 3]) - log(2)) < 1e-12)
    #expect(abs(DensityPolicy.entropy([-80, -80, -80, -80]) - log(4)) < 1e-12)
    #expect(DensityPolicy.entropy([100, 0, 0, 0]) < 1e-30)
    // p = 3/4 and 1/4.
    #expect(abs(DensityPolicy.entropy([Float(log(3.0)), 0]) - (0.75 * log(4.0 / 3) + 0.25 * log(4.0))) < 1e-7)
    #expect(DensityPolicy.entropy([]) == .infinity && DensityPolicy.entropy([1, .nan]) == .infinity)
  }

  @Test func `a sure token is followed by a sparse step`() {
    #expect(policy.kept(after: [50, 0, 0]) == 4)
    // ln 2 − 0.5 of 1 nat: 0.193 · 8 places, rounded up.
    #expect(policy.kept(after: [0, 0]) == 6)
    #expect(policy.kept(after: [Float](repeating: 0, count: 9)) == 12)
    #expect(policy.kept(after: [.nan, 0]) == 12)
  }

  @Test func `no policy traps`() {
    for entropies in [-Double.infinity ... .infinity, 0...Double.infinity, 1...1, 0...Double.leastNonzeroMagnitude] {
      for (easy, hard) in [(Int.min, Int.max), (Int.max, Int.min), (3, 3), (0, -1)] {
        let policy = DensityPolicy(easy: easy, hard: hard, entropies: entropies)
        for logits in [[0, 0], [1], [], [.infinity, 1], [Float.nan]] as [[Float]] { _ = policy.kept(after: logits) }
      }
    }
  }

  @Test func `what is asked for at which step`() throws {
    #expect(Density.full.ofPrompt.isEmpty && Density.kept(3).ofPrompt == [.kept: 3])
    #expect(Density.adaptive(policy).ofPrompt == [.kept: 12])
    #expect(Density.kept(3).outputs.isEmpty && Density.adaptive(policy).outputs == ["logits"])
    #expect(try Density.kept(3).ofStep(after: [:], position: 0) == [.kept: 3])
    #expect(throws: ModelError.missingOutput("logits")) { try Density.adaptive(policy).ofStep(after: [:], position: 0) }
  }
}
