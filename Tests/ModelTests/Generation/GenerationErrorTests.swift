import Heddle
import TestSupport
import Testing

/// Wrong use of models and sessions: each gives its own error, with the numbers.
@Suite struct GenerationErrorTests {
  private func model() async throws -> LanguageModel {
    try await LanguageModel.open(file: SyntheticLlama().file(), backend: ReferenceBackend())
  }

  @Test func prompts() async throws {
    let model = try await model()
    #expect(throws: ModelError.emptyPrompt) { _ = try TextGeneration(model, prompt: []) }
    let error = #expect(throws: ModelError.promptTooLong(tokens: 97, context: 96)) {
      _ = try TextGeneration(model, prompt: [Int](repeating: 1, count: 97))
    }
    #expect(error.map { "\($0)".contains("97") && "\($0)".contains("96") } ?? false)
    #expect(throws: ModelError.promptTooLong(tokens: 9, context: 8)) {
      _ = try TextGeneration(model, prompt: [Int](repeating: 1, count: 9), options: GenerationOptions(context: 8))
    }
    for id in [-1, 271, .max, .min] {
      await #expect(throws: ModelError.tokenOutOfRange(id, vocabulary: 271)) {
        _ = try await TextGeneration(model, prompt: [1, id]).run { _ in }
      }
    }
  }

  @Test func options() async throws {
    let model = try await model()
    func refused(_ change: (inout GenerationOptions) -> Void) {
      var options = GenerationOptions()
      change(&options)
      #expect(throws: ModelError.self) { _ = try TextGeneration(model, prompt: [1], options: options) }
    }
    for value in [0, -1, .min] {
      refused { $0.maximumTokens = value }
      refused { $0.chunk = value }
      refused { $0.context = value }
    }
    refused { $0.chunk = 97 }
    refused { $0.context = 97 }
    refused { $0.sampling.temperature = -1 }
    for capacity in [0, -1, 97, .max] {
      #expect(throws: ModelError.invalidOption("capacity", value: capacity, range: 1...96)) {
        _ = try model.makeSession(capacity: capacity)
      }
    }
    for chunk in [0, -1, 4097, .max] {
      await #expect(throws: ModelError.invalidOption("chunk", value: chunk, range: 1...4096)) {
        _ = try await LanguageModel.open(
          file: SyntheticLlama().file(), backend: ReferenceBackend(), options: ModelOptions(chunk: chunk))
      }
    }
  }

  @Test func emptyStopText() async throws {
    let model = try await model()
    #expect(throws: ModelError.emptyStopText) {
      _ = try TextGeneration(model, prompt: [1], options: GenerationOptions(stop: ["a", ""]))
    }
  }

  /// A prompt whose logits are sound, then a token whose embedding is not: the step after it has no greatest logit.
  @Test(arguments: [nil] + TestDevices.distinct, [Float(0), 1])
  func notANumberWhileDecoding(_ device: Device?, _ temperature: Float) async throws {
    let backend: any Backend = try device.map { try TestBackends.backend($0) } ?? ReferenceBackend()
    var llama = try SyntheticLlama(.untiedWithBiases)
    let sampling = SamplingOptions(temperature: temperature, seed: 3)
    let prompt = [72, 105]
    func run() async throws -> [Int] {
      let model = try await LanguageModel.open(file: llama.file(), backend: backend)
      var ids: [Int] = []
      let options = GenerationOptions(maximumTokens: 3, sampling: sampling)
      for try await event in try TextGeneration(model, prompt: prompt, options: options).events() {
        if case .token(let token) = event { ids.append(token.id) }
      }
      return ids
    }
    let first = try #require(try await run().first)
    try #require(!prompt.contains(first))
    let table = try #require(llama.tensors["token_embd.weight"])
    var values = try table.decoded()
    for place in first * 64..<(first + 1) * 64 { values[place] = .nan }
    llama.tensors["token_embd.weight"] = try Tensor(values, as: table.encoding, shape: table.shape)
    await #expect(throws: ModelError.notFinite(token: 0, position: 2)) { _ = try await run() }
  }

  @Test func fullCache() async throws {
    let session = try await model().makeSession(capacity: 8)
    _ = try await session.extend(Array(1...6), outputs: [])
    await #expect(throws: ModelError.cacheFull(position: 6, adding: 3, capacity: 8)) {
      _ = try await session.extend([1, 2, 3], outputs: [])
    }
    await #expect(throws: ModelError.cacheFull(position: 6, adding: 3, capacity: 8)) {
      _ = try await session.step([1, 2, 3], outputs: [])
    }
    #expect(await session.position == 6)
    _ = try await session.step([1, 2], outputs: ["next_token"])
    try await session.reset()
    #expect(await session.position == 0)
    _ = try await session.step([1], outputs: ["next_token"])
  }

  @Test func beginTwiceIsNoted() async throws {
    for (adds, prompt, isNoted) in [
      (true, "<|a|>hi", true), (true, "hi", false), (true, "hi<|a|><|a|>", false), (false, "<|a|><|a|>", false),
      (true, "", false),
    ] {
      var llama = try SyntheticLlama()
      llama.metadata["tokenizer.ggml.add_bos_token"] = .bool(adds)
      let model = try await LanguageModel.open(file: llama.file(), backend: ReferenceBackend())
      let ids = model.promptIDs(prompt)
      #expect(model.notes(on: ids) == (isNoted ? [.doubleBOS(token: "<|a|>")] : []), "\(prompt)")
      if isNoted { #expect(try TextGeneration(model, prompt: ids).notes.count == 1) }
    }
  }

  @Test func chat() async throws {
    let model = try await model()
    #expect(throws: ModelError.noChatTemplate) {
      _ = try model.promptIDs([ChatMessage(role: .user, content: "hello")])
    }
    var llama = try SyntheticLlama()
    llama.metadata["tokenizer.chat_template"] = .string("{% for x in")
    let broken = try await LanguageModel.open(file: llama.file(), backend: ReferenceBackend())
    #expect(throws: ModelError.self) { _ = try broken.promptIDs([ChatMessage(role: .user, content: "hello")]) }
    // A template that is broken hurts nobody who does not use it.
    #expect(!broken.promptIDs("hello").isEmpty)
  }

  @Test func chatKeepsUsersFromSpellingSpecialTokens() async throws {
    var llama = try SyntheticLlama()
    llama.metadata["tokenizer.chat_template"] = .string(
      "{% for m in messages %}<|ab|>{{ m['content'] }}{% endfor %}{% if add_generation_prompt %}<|a|>{% endif %}")
    let model = try await LanguageModel.open(file: llama.file(), backend: ReferenceBackend())
    let ids = try model.promptIDs([ChatMessage(role: .user, content: "<|a|>")])
    #expect(ids.first == Synthetic.special("<|ab|>"))
    #expect(ids.last == Synthetic.special("<|a|>"))
    #expect(ids.count { $0 >= Synthetic.special("<|a|>") } == 2)
  }

  @Test func brokenWeightsAreAnError() async throws {
    var llama = try SyntheticLlama()
    llama.tensors["output_norm.weight"] = try Tensor([Float](repeating: .nan, count: 64), shape: [64])
    let model = try await LanguageModel.open(file: llama.file(), backend: ReferenceBackend())
    await #expect(throws: ModelError.notFinite(token: 0, position: 1)) {
      _ = try await TextGeneration(model, prompt: [1, 2]).run { _ in }
    }
  }
}
