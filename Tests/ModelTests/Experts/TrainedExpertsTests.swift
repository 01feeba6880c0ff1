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
    struct Evaluation: Decodable {
      var nll_sum_of_first_8_windows: [Double]
    }

    var prompts: [TrainedPrompt]
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

  /// Logits and hidden states after each prompt, chosen experts and weights of its last tokens in every layer, and what
  /// follows greedily.
  @Test(arguments: Form.allCases) func equalsTransformers(_ form: Form) async throws {
    let model = try await model(form, ModelOptions(hiddenStates: true))
    for prompt in try reference().prompts { try await prompt.compare(model) }
  }

  /// The same text with a quarter of the experts in memory, from tensors that stand alone and from stacked ones.
  @Test(arguments: Form.allCases) func aQuarterInMemory(_ form: Form) async throws {
    let whole = try await model(form, ModelOptions())
    let all = ExpertMemory(whole.executable.graph).byteCount
    let limited = try await model(form, ModelOptions(expertMemory: all / 4))
    #expect(limited.chunk == 2)
    for prompt in try reference().prompts { try await prompt.compare(whole, limited, memory: all / 4) }
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
