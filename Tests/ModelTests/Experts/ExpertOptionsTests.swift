import Foundation
import Heddle
import TestSupport
import Testing

/// What ``ExpertOptions`` change of a random model of four experts, two of each token, of which a layer has some.
@Suite struct ExpertOptionsTests {
  private struct Step {
    var logits: [Float]
    var experts: [Int32]
    var weights: [Float]
  }

  private func model(_ experts: ExpertOptions) async throws -> LanguageModel {
    try await LanguageModel.open(
      file: FolderFixture.file("deepseek_v3"), backend: TestBackends.backend(TestDevices.distinct[0]),
      options: ModelOptions(chunk: 16, hiddenStates: true, experts: experts))
  }

  private func step(_ session: ModelSession, _ ids: [Int], _ options: Bindings = [:]) async throws -> Step {
    let outputs = try await session.step(
      ids, outputs: ["logits", "experts.1", "expert_weights.1"], options: options)
    return try Step(
      logits: #require(outputs["logits"]).floats(), experts: #require(outputs["experts.1"]).integers(),
      weights: #require(outputs["expert_weights.1"]).floats())
  }

  private let ids = [5, 9, 200, 31, 77, 140, 12, 6, 250, 18, 99]

  @Test func countsWhatIsChosen() async throws {
    let model = try await model(ExpertOptions(countsLoad: true))
    let session = try model.makeSession(capacity: 40)
    var expected = [Int](repeating: 0, count: 4)
    for tokens in [ids, [4, 3], [8]] {
      for expert in try await step(session, tokens).experts { expected[Int(expert)] += 1 }
      #expect(await session.expertLoad == ExpertLoad(layers: [.init(layer: 1, counts: expected)]))
    }
    // Pieces whose outputs nobody asked for are counted too, and no output is brought back unasked.
    let outputs = try await session.extend(Array(ids.prefix(7)), chunk: 3, outputs: ["logits"])
    #expect(outputs["expert_counts.1"] == nil && outputs.count == 1)
    #expect(await session.expertLoad.layers[0].counts.reduce(0, +) == 2 * (11 + 2 + 1 + 7))
    await session.clearExpertLoad()
    #expect(await session.expertLoad.layers.isEmpty)
  }

  @Test func usesFewerExperts() async throws {
    let plain = try await model(ExpertOptions())
    let whole = try await step(try plain.makeSession(capacity: 16), ids)
    let model = try await model(ExpertOptions(choosesCount: true))
    #expect(model.stepOptions.map(\.symbol) == [.usedExperts] && model.stepOptions[0].range == 1...2)
    let all = try await step(try model.makeSession(capacity: 16), ids)
    #expect(all.logits == whole.logits && all.experts == whole.experts && all.weights == whole.weights)
    let one = try await step(try model.makeSession(capacity: 16), ids, [.usedExperts: 1])
    for token in ids.indices {
      #expect(one.experts[2 * token] == whole.experts[2 * token] && one.experts[2 * token + 1] == -1)
      // Its score over its own sum, times 2.5.
      #expect(abs(one.weights[2 * token] - 2.5) < 1e-6 && one.weights[2 * token + 1] == 0)
    }
    #expect(one.logits != whole.logits)
    await #expect(throws: ModelError.self) {
      _ = try await step(try model.makeSession(capacity: 16), ids, [.usedExperts: 3])
    }
  }

  /// The model keeps one of two groups of two experts, so tokens choose a group: 0 or 1.
  private func groups(_ step: Step) -> [Int] {
    stride(from: 0, to: step.experts.count, by: 2).map { Int(step.experts[$0]) / 2 }
  }

  /// A bias so great that it alone decides sends all tokens to the group that had fewer, and comes back.
  @Test func feedbackMovesBiases() async throws {
    let plain = try await model(ExpertOptions(leavesBias: true))
    let unbiased = try await step(try plain.makeSession(capacity: 16), ids)
    let count = groups(unbiased).reduce(0, +)
    try #require(count != 0 && count != ids.count)
    let fewer = 2 * count < ids.count ? 1 : 0
    let model = try await model(ExpertOptions(leavesBias: true, feedbackRate: 1000))
    let session = try model.makeSession(capacity: 16)
    for (number, moves) in [1, 0, 0, 1, 0].enumerated() {
      let got = try await step(session, ids, [.movesBias: moves])
      if number == 0 || number == 4 {
        #expect(got.logits == unbiased.logits && got.experts == unbiased.experts, "step \(number)")
      } else {
        #expect(groups(got) == ids.map { _ in fewer }, "step \(number)")
      }
      try await session.rewind(to: 0)
    }
    // By what was moved and the file's bias together; and moves are forgotten with everything.
    try await session.reset()
    #expect(try await step(session, ids, [.movesBias: 1]).logits == unbiased.logits)
    let biased = try await self.model(ExpertOptions(feedbackRate: 0))
    let given = try await step(try await self.model(ExpertOptions()).makeSession(capacity: 16), ids)
    #expect(try await step(try biased.makeSession(capacity: 16), ids).logits == given.logits)
    #expect(given.logits != unbiased.logits)
  }

  /// Divided by a load that is nearly 0, the scores of the group that the token before did not choose are the greatest.
  @Test func loadTurnsTokensAway() async throws {
    let model = try await model(ExpertOptions(leavesBias: true, loadEpsilon: 1e-4))
    let session = try model.makeSession(capacity: 16)
    var latest: Int?
    for id in ids {
      let group = groups(try await step(session, [id]))[0]
      #expect(latest != group)
      latest = group
    }
  }
}
