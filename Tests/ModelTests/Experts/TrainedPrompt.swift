import Foundation
import Heddle
import Testing

/// What transformers computes in float32 of a trained model of experts after a prompt, and what follows.
struct TrainedPrompt: Decodable {
  struct Chosen: Decodable {
    var ids: [Int]
    var weights: [Float]
  }
  struct Greedy: Decodable {
    var ids: [Int]
    /// By how much the best logit of each step exceeds the second.
    var margins: [Float]
  }
  struct Hidden: Decodable {
    var after_layer: [[Float]]
  }
  struct Best: Decodable {
    var id: Int
    var logit: Float
  }

  var name: String
  var prompt: String
  var ids: [Int]
  var top8: [Best]
  var logits_every_64: [Float]
  /// Of each layer of experts, the last four tokens' or fewer.
  var routing_last4: [String: [Chosen]]
  var hidden_last_token: Hidden?
  var greedy: Greedy

  /// Logits within 1e-3, hidden states within a thousandth of the greatest, experts that are the same with weights within
  /// 1e-4, and greedy ids until the best two are nearer to each other than 0.002.
  ///
  /// - Parameter model: opened with ``ModelOptions/hiddenStates``.
  func compare(_ model: LanguageModel) async throws {
    #expect(model.promptIDs(prompt) == ids, "\(name)")
    let session = try model.makeSession(capacity: ids.count + greedy.ids.count + 1)
    var wanted: Set<String> = ["logits"]
    for layer in (hidden_last_token?.after_layer ?? []).indices { wanted.insert("hidden.\(layer + 1)") }
    for layer in routing_last4.keys { wanted.formUnion(["experts.\(layer)", "expert_weights.\(layer)"]) }
    // Cut as sessions cut prompts.
    var outputs: NameTable<Tensor> = [:]
    for start in stride(from: 0, to: ids.count, by: model.chunk) {
      outputs = try await session.step(Array(ids[start..<min(start + model.chunk, ids.count)]), outputs: wanted)
    }
    let logits = try #require(outputs["logits"]).floats()
    let sample = stride(from: 0, to: logits.count, by: 64).map { logits[$0] }
    #expect(difference(sample, logits_every_64) < 1e-3, "\(name)")
    #expect(difference(top8.map { logits[$0.id] }, top8.map(\.logit)) < 1e-3, "\(name)")
    for (layer, expected) in (hidden_last_token?.after_layer ?? []).enumerated() {
      let hidden = try #require(outputs["hidden.\(layer + 1)"]).floats()
      #expect(difference(hidden, expected) < 1e-3 * (expected.map(abs).max() ?? 0), "\(name), layer \(layer)")
    }
    try compareExperts(outputs)
    try await follow(session, logits)
  }

  private func compareExperts(_ outputs: NameTable<Tensor>) throws {
    try #require(!routing_last4.isEmpty)
    for (layer, tokens) in routing_last4 {
      let ids = try #require(outputs["experts.\(layer)"]).integers()
      let weights = try #require(outputs["expert_weights.\(layer)"]).floats()
      for (place, token) in tokens.enumerated() {
        let count = token.ids.count
        let start = ids.count - (tokens.count - place) * count
        guard start >= 0 else { continue }
        let chosen = zip(ids[start..<start + count], weights[start..<start + count]).sorted { $0.0 < $1.0 }
        #expect(chosen.map { Int($0.0) } == token.ids, "\(name), layer \(layer), token \(place)")
        #expect(difference(chosen.map(\.1), token.weights) < 1e-4, "\(name), layer \(layer), token \(place)")
      }
    }
  }

  private func follow(_ session: ModelSession, _ first: [Float]) async throws {
    var logits = first
    for (id, margin) in zip(greedy.ids, greedy.margins) {
      guard margin >= 0.002 else { return }
      let best = try #require(logits.indices.max { logits[$0] < logits[$1] })
      #expect(best == id, "\(name)")
      logits = try #require(try await session.step([id], outputs: ["logits"])["logits"]).floats()
    }
  }

  /// The same logits of 24 greedy steps, bit for bit, of a model whose experts are all in memory and of one with a budget.
  func compare(_ whole: LanguageModel, _ limited: LanguageModel, memory: Int) async throws {
    let (expected, of) = (try await steps(whole), try await steps(limited))
    #expect(of.bits == expected.bits && expected.experts == nil, "\(name)")
    let statistics = try #require(of.experts)
    #expect(statistics.residentByteCount <= memory && statistics.hits > 0 && statistics.misses > 0, "\(name)")
  }

  private func steps(_ model: LanguageModel) async throws -> (bits: [UInt32], experts: ExpertStatistics?) {
    let session = try model.makeSession(capacity: ids.count + 24)
    var bits: [UInt32] = []
    var next = ids
    for _ in 0..<24 {
      let logits = try await session.logits(after: next)
      bits += logits.map(\.bitPattern)
      next = [try #require(logits.indices.max { logits[$0] < logits[$1] })]
    }
    return (bits, session.expertStatistics)
  }

  private func difference(_ got: [Float], _ expected: [Float]) -> Float {
    got.count == expected.count ? zip(got, expected).map { abs($0 - $1) }.max() ?? 0 : .infinity
  }
}
