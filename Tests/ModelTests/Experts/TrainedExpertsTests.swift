import Foundation
import Heddle
import TestSupport
import Testing

private enum TrainedModel {
  static let folder = ProcessInfo.processInfo.environment["HEDDLE_DEEPSEEK_MODEL"].flatMap { $0.isEmpty ? nil : $0 }
}

/// A small trained model of DeepSeek-V3's architecture, as a folder and as GGUF, against what transformers computes in float32.
///
/// `HEDDLE_DEEPSEEK_MODEL` is its folder: `config.json`, `model.safetensors`, a tokenizer, `reference.json`, `eval.txt` and
/// one `.gguf` file.
@Suite(.enabled(if: TrainedModel.folder != nil, "HEDDLE_DEEPSEEK_MODEL names the folder of the trained model"))
struct TrainedExpertsTests {
  struct Reference: Decodable {
    struct Chosen: Decodable {
      var ids: [Int]
      var weights: [Float]
    }
    struct Greedy: Decodable {
      var ids: [Int]
      var margins: [Float]
    }
    struct Hidden: Decodable {
      var embedding: [Float]
      var after_layer: [[Float]]
    }
    struct Best: Decodable {
      var id: Int
      var logit: Float
    }
    struct Prompt: Decodable {
      var name: String
      var prompt: String
      var ids: [Int]
      var top8: [Best]
      var logits_every_64: [Float]
      /// Of each layer of experts, the last four tokens' or fewer.
      var routing_last4: [String: [Chosen]]
      var hidden_last_token: Hidden?
      var greedy: Greedy
    }
    struct Evaluation: Decodable {
      var nll_sum_of_first_8_windows: [Double]
    }

    var prompts: [Prompt]
    var evaluation: Evaluation
  }

  private func reference() throws -> Reference {
    let url = URL(fileURLWithPath: try #require(TrainedModel.folder) + "/reference.json")
    return try JSONDecoder().decode(Reference.self, from: Data(contentsOf: url))
  }

  enum Form: CaseIterable { case folder, gguf }

  private func model(_ form: Form, _ options: ModelOptions) async throws -> LanguageModel {
    var path = try #require(TrainedModel.folder)
    if form == .gguf {
      let file = try FileManager.default.contentsOfDirectory(atPath: path).first { $0.hasSuffix(".gguf") }
      path += "/" + (try #require(file))
    }
    return try await LanguageModel.open(
      file: ModelFile(path: path), backend: DemoModel.backend(on: DemoModel.device()), options: options)
  }

  private func difference(_ got: [Float], _ expected: [Float]) -> Float {
    got.count == expected.count ? zip(got, expected).map { abs($0 - $1) }.max() ?? 0 : .infinity
  }

  /// Logits and hidden states after each prompt, chosen experts and weights of its last tokens in every layer, and what
  /// follows greedily.
  @Test(arguments: Form.allCases) func equalsTransformers(_ form: Form) async throws {
    let model = try await model(form, ModelOptions(hiddenStates: true))
    for prompt in try reference().prompts {
      #expect(model.promptIDs(prompt.prompt) == prompt.ids, "\(prompt.name)")
      let session = try model.makeSession(capacity: prompt.ids.count + 40)
      var wanted: Set<String> = ["logits"]
      for layer in 0..<8 {
        wanted.insert("hidden.\(layer + 1)")
        if layer > 0 { wanted.formUnion(["experts.\(layer)", "expert_weights.\(layer)"]) }
      }
      // Cut as sessions cut prompts.
      var outputs: NameTable<Tensor> = [:]
      for start in stride(from: 0, to: prompt.ids.count, by: 512) {
        outputs = try await session.step(
          Array(prompt.ids[start..<min(start + 512, prompt.ids.count)]), outputs: wanted)
      }
      let logits = try #require(outputs["logits"]).floats()
      #expect(difference(stride(from: 0, to: logits.count, by: 64).map { logits[$0] }, prompt.logits_every_64) < 1e-3)
      #expect(difference(prompt.top8.map { logits[$0.id] }, prompt.top8.map(\.logit)) < 1e-3)
      for (layer, expected) in prompt.hidden_last_token?.after_layer.enumerated() ?? [].enumerated() {
        let hidden = try #require(outputs["hidden.\(layer + 1)"]).floats()
        #expect(difference(hidden, expected) < 1e-3 * (expected.map(abs).max() ?? 0), "layer \(layer)")
      }
      try compare(prompt, outputs)
      try await follow(prompt, session, logits)
    }
  }

  private func compare(_ prompt: Reference.Prompt, _ outputs: NameTable<Tensor>) throws {
    for (layer, tokens) in prompt.routing_last4 {
      let ids = try #require(outputs["experts.\(layer)"]).integers()
      let weights = try #require(outputs["expert_weights.\(layer)"]).floats()
      for (place, token) in tokens.enumerated() {
        let count = token.ids.count
        let start = ids.count - (tokens.count - place) * count
        guard start >= 0 else { continue }
        let chosen = zip(ids[start..<start + count], weights[start..<start + count]).sorted { $0.0 < $1.0 }
        #expect(chosen.map { Int($0.0) } == token.ids, "\(prompt.name), layer \(layer), token \(place)")
        #expect(difference(chosen.map(\.1), token.weights) < 1e-4, "\(prompt.name), layer \(layer), token \(place)")
      }
    }
  }

  /// Greedy ids, until the best two are nearer to each other than 0.002.
  private func follow(_ prompt: Reference.Prompt, _ session: ModelSession, _ first: [Float]) async throws {
    var logits = first
    for (id, margin) in zip(prompt.greedy.ids, prompt.greedy.margins) {
      guard margin >= 0.002 else { return }
      let best = try #require(logits.indices.max { logits[$0] < logits[$1] })
      #expect(best == id, "\(prompt.name)")
      logits = try #require(try await session.step([id], outputs: ["logits"])["logits"]).floats()
    }
  }

  /// The first windows of the text of evaluation: `<bos>` and all tokens of a window but the last.
  @Test func likelihood() async throws {
    let model = try await model(.gguf, ModelOptions(allLogits: true))
    let text = try String(contentsOfFile: try #require(TrainedModel.folder) + "/eval.txt", encoding: .utf8)
    let expected = try reference().evaluation.nll_sum_of_first_8_windows
    let size = 512
    let ids = Array(
      model.tokenizer.encode(String(text.prefix(40_000)), parseSpecial: false, addBOS: false, addEOS: false).prefix(
        expected.count * size))
    for (window, sum) in expected.enumerated() {
      let targets = Array(ids[window * size..<(window + 1) * size])
      let session = try model.makeSession(capacity: size)
      let logits = try #require(
        try await session.step([0] + targets.dropLast(), outputs: ["all_logits"])["all_logits"]
      ).floats()
      let width = logits.count / size
      var own = 0.0
      for (place, target) in targets.enumerated() {
        let row = logits[place * width..<(place + 1) * width]
        let most = Double(row.max() ?? 0)
        own += most + log(row.reduce(0) { $0 + exp(Double($1) - most) }) - Double(logits[place * width + target])
      }
      // A thousandth of the perplexity is one of 512 · 0.001.
      #expect(abs(own - sum) < 0.05, "window \(window)")
    }
  }

  /// Experts whose load is above half of the mean, of all: few without the bias that training found, at least 89 % after
  /// feedback over other text has moved one, which also makes the text likelier.
  @Test func feedback() async throws {
    let path = try #require(TrainedModel.folder)
    let text = try String(contentsOfFile: path + "/eval.txt", encoding: .utf8)
    let measured = String(text.prefix(150_000))
    let training = String(text.dropFirst(150_000).prefix(200_000))
    let model = try await model(
      .gguf,
      ModelOptions(
        chunk: Perplexity.defaultChunk, allLogits: true,
        experts: ExpertOptions(countsLoad: true, leavesBias: true, feedbackRate: 0.001)))
    func run(_ text: String, _ moves: Int, _ session: ModelSession?) async throws -> (ModelSession, Double) {
      let perplexity = try Perplexity(model, text: text, options: [.movesBias: moves], session: session)
      await perplexity.session.clearExpertLoad()
      return (perplexity.session, try await perplexity.run().perplexity)
    }
    let (session, before) = try await run(measured, 0, nil)
    let without = await session.expertLoad
    _ = try await run(training, 1, session)
    let (_, after) = try await run(measured, 0, session)
    let with = await session.expertLoad
    #expect(without.usedShare < 0.6 && with.usedShare >= 0.89, "\(without.usedShare), \(with.usedShare)")
    #expect(with.greatestOverMean < 0.6 * without.greatestOverMean)
    #expect(after < before, "\(before), \(after)")
  }
}
