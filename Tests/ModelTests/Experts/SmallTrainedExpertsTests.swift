import Foundation
import Heddle
import TestSupport
import Testing

/// The trained and quantized model of experts among the resources, against what transformers computes in float32 of the
/// values that the package gguf decodes (`Resources/experts/make_reference.py`).
@Suite struct SmallTrainedExpertsTests {
  private struct Reference: Decodable {
    struct Evaluation: Decodable {
      var scored: Int
      var perplexity: Double
      /// How often each expert of a layer was chosen.
      var load: [String: [Int]]
    }

    var prompts: [TrainedPrompt]
    var evaluation: Evaluation
  }

  private func reference() throws -> Reference { try resource("experts/deepseek") }

  private func url(_ name: String) -> URL {
    Bundle.module.bundleURL.appendingPathComponent("Resources/experts/\(name)")
  }

  private func model(_ options: ModelOptions, on device: Device = TestDevices.distinct[0]) async throws -> LanguageModel
  {
    try await LanguageModel.open(
      file: ModelFile(path: url("deepseek.gguf").path), backend: TestBackends.backend(device), options: options)
  }

  /// Logits, chosen experts and weights of every layer, and what follows greedily.
  @Test(arguments: TestDevices.distinct) func equalsTransformers(_ device: Device) async throws {
    let model = try await model(ModelOptions(hiddenStates: true), on: device)
    let prompts = try reference().prompts
    #expect(prompts.count == 4 && prompts.allSatisfy { $0.routing_last4.count == 7 && $0.greedy.ids.count == 32 })
    for prompt in prompts { try await prompt.compare(model) }
  }

  @Test func aThirdInMemory() async throws {
    let whole = try await model(ModelOptions())
    let budget = ExpertMemory(whole.executable.graph).byteCount / 3
    let limited = try await model(ModelOptions(expertMemory: budget))
    for prompt in try reference().prompts { try await prompt.compare(whole, limited, memory: budget) }
  }

  /// The perplexity of the text of evaluation within a thousandth, and the load of every expert to the token.
  @Test func perplexityAndLoad() async throws {
    let model = try await model(
      ModelOptions(chunk: Perplexity.defaultChunk, allLogits: true, experts: ExpertOptions(countsLoad: true)))
    let text = try String(contentsOf: url("evaluation.txt"), encoding: .utf8)
    let perplexity = try Perplexity(model, text: text, context: 512)
    let expected = try reference().evaluation
    let result = try await perplexity.run()
    #expect(result.scoredTokenCount == expected.scored)
    #expect(abs(result.perplexity / expected.perplexity - 1) < 1e-3, "\(result.perplexity)")
    let load = await perplexity.session.expertLoad
    #expect(load.layers.count == expected.load.count)
    for layer in load.layers { #expect(layer.counts == expected.load["\(layer.layer)"], "layer \(layer.layer)") }
  }
}
