import Heddle
import Testing

/// Wrong use of ``Perplexity``: each gives its own error, with the numbers.
@Suite struct PerplexityErrorTests {
  private func model(_ options: ModelOptions = ModelOptions(chunk: 16, allLogits: true)) async throws -> LanguageModel {
    try await LanguageModel.open(file: SyntheticLlama().file(), backend: ReferenceBackend(), options: options)
  }

  @Test func texts() async throws {
    let model = try await model()
    #expect(throws: ModelError.emptyText) { _ = try Perplexity(model, text: "") }
    let error = #expect(throws: ModelError.textTooShort(tokens: 3, context: 8)) {
      _ = try Perplexity(model, text: "xyz", context: 8)
    }
    #expect(error.map { "\($0)".contains("3 tokens") && "\($0)".contains("at least 8") } ?? false)
    // The context the model allows, not 512.
    #expect(throws: ModelError.textTooShort(tokens: 3, context: 96)) { _ = try Perplexity(model, text: "xyz") }
    #expect(try Perplexity(model, text: "xyz", context: 3).windowCount == 1)
  }

  @Test func options() async throws {
    let model = try await model()
    for context in [2, 1, 0, -1, 97, .max, .min] {
      #expect(throws: ModelError.invalidOption("context", value: context, range: 3...96)) {
        _ = try Perplexity(model, text: "some text", context: context)
      }
    }
    for chunk in [0, -1, 17, .max] {
      #expect(throws: ModelError.invalidOption("chunk", value: chunk, range: 1...16)) {
        _ = try Perplexity(model, text: "some text", context: 4, chunk: chunk)
      }
    }
    for windows in [0, -1, .min] {
      #expect(throws: ModelError.invalidOption("windows", value: windows, range: 1...2)) {
        _ = try Perplexity(model, text: "some text", context: 4, windows: windows)
      }
    }
    #expect(try Perplexity(model, text: "some text", context: 4, windows: .max).windowCount == 2)
    let plain = try await self.model(ModelOptions())
    #expect(throws: ModelError.missingOutput("all_logits")) { _ = try Perplexity(plain, text: "some text", context: 4) }
  }

  @Test func brokenWeightsAreAnError() async throws {
    var llama = try SyntheticLlama()
    llama.tensors["output_norm.weight"] = try Tensor([Float](repeating: .nan, count: 64), shape: [64])
    let model = try await LanguageModel.open(
      file: llama.file(), backend: ReferenceBackend(), options: ModelOptions(allLogits: true))
    await #expect(throws: ModelError.notFinite(token: 0, position: 4)) {
      _ = try await Perplexity(model, text: "some text", context: 8).run()
    }
  }

  @Test func anErrorOfProgressEndsIt() async throws {
    let perplexity = try Perplexity(try await model(), text: "some longer text", context: 8, chunk: 4)
    await #expect(throws: CancellationError.self) {
      _ = try await perplexity.run { if $0 >= 7 { throw CancellationError() } }
    }
    #expect(await perplexity.session.position == 7)
    #expect(try await perplexity.run().windowCount == 2)
  }
}
