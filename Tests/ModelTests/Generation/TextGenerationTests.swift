import Heddle
import Synchronization
import Testing

@testable import HeddleModels

/// Generation's rules, on a small model and the reference: no device is needed.
@Suite struct TextGenerationTests {
  private func model(_ change: (inout SyntheticLlama) -> Void = { _ in }) async throws -> LanguageModel {
    var llama = try SyntheticLlama()
    change(&llama)
    return try await LanguageModel.open(file: llama.file(), backend: ReferenceBackend())
  }

  private func generate(
    _ model: LanguageModel, _ prompt: [Int], _ options: GenerationOptions
  ) async throws -> (ids: [Int], text: String, summary: GenerationSummary) {
    let kept = Mutex<(ids: [Int], text: String)>(([], ""))
    let summary = try await TextGeneration(model, prompt: prompt, options: options).run { event in
      if case .token(let token) = event {
        kept.withLock {
          $0.ids.append(token.id)
          $0.text += token.text
        }
      }
    }
    let (ids, text) = kept.withLock { $0 }
    return (ids, text, summary)
  }

  @Test func eventsComeInOrder() async throws {
    let model = try await model()
    let options = GenerationOptions(maximumTokens: 3, chunk: 4)
    var events: [GenerationEvent] = []
    for try await event in try TextGeneration(model, prompt: Array(40..<50), options: options).events() {
      events.append(event)
    }
    #expect(events.prefix(3) == [.prompt(done: 4, of: 10), .prompt(done: 8, of: 10), .prompt(done: 10, of: 10)])
    guard case .finished(let summary)? = events.last else {
      Issue.record("the last event is \(String(describing: events.last))")
      return
    }
    #expect(summary.promptTokenCount == 10)
    #expect(summary.tokenCount == events.count - 4)
    #expect(try #require(summary.promptTokensPerSecond) > 0)
  }

  @Test func chunksAndRepetitionChangeNothing() async throws {
    let model = try await model()
    let prompt = Array(30..<60)
    let whole = try await generate(model, prompt, GenerationOptions(maximumTokens: 12))
    for chunk in [1, 7, 30] {
      #expect(try await generate(model, prompt, GenerationOptions(maximumTokens: 12, chunk: chunk)).ids == whole.ids)
    }
    #expect(whole.text == (try model.tokenizer.decode(whole.ids, skipSpecial: true)))
  }

  @Test func greedyTakesTheGreatestLogit() async throws {
    let model = try await model()
    let prompt = [72, 105]
    let ids = try await generate(model, prompt, GenerationOptions(maximumTokens: 5)).ids
    for count in ids.indices {
      let logits = try await model.makeSession(capacity: 96).logits(after: prompt + ids[..<count])
      #expect(logits[ids[count]] == logits.max())
    }
  }

  @Test func seedsDecide() async throws {
    let model = try await model()
    func text(_ seed: UInt64) async throws -> [Int] {
      let sampling = SamplingOptions(temperature: 2, topK: 100, topP: 0.99, seed: seed)
      return try await generate(model, [65], GenerationOptions(maximumTokens: 20, sampling: sampling)).ids
    }
    #expect(try await text(1) == text(1))
    #expect(try await text(1) != text(2))
  }

  @Test func endsAtAnEndToken() async throws {
    let first = try await generate(try await model(), [72, 105], GenerationOptions(maximumTokens: 1)).ids
    for key in ["eos", "eot", "eom"] {
      let ending = try await model { $0.metadata["tokenizer.ggml.\(key)_token_id"] = .uint32(UInt32(first[0])) }
      let (ids, _, summary) = try await generate(ending, [72, 105], GenerationOptions(maximumTokens: 9))
      #expect(ids == first)
      #expect(summary.finishReason == .endOfText)
    }
  }

  /// The file names another end; the model's own is known by its spelling, and is no part of the text.
  @Test func endsAtATurnsEndThatTheFileDoesNotName() async throws {
    let prompt = [72, 105]
    let ids = try await generate(try await model(), prompt, GenerationOptions(maximumTokens: 4)).ids
    let end = try #require(ids.last)
    let place = try #require(ids.firstIndex(of: end))
    for type in [Int32(1), 3, 4] {
      var tokens = Synthetic.description.tokens
      var types = Synthetic.description.tokenTypes.map(Int32.init)
      let merges = Synthetic.merges.filter { $0.filter { $0 != " " } != tokens[end] && end > 255 }
      (tokens[end], types[end]) = ("<|im_end|>", type)
      let model = try await model {
        $0.metadata["tokenizer.ggml.tokens"] = .array(.string(tokens))
        $0.metadata["tokenizer.ggml.token_type"] = .array(.int32(types))
        $0.metadata["tokenizer.ggml.merges"] = .array(.string(merges.isEmpty ? ["o r"] : merges))
      }
      let (got, text, summary) = try await generate(model, prompt, GenerationOptions(maximumTokens: 9))
      #expect(got == Array(ids[...place]) && summary.finishReason == .endOfText)
      #expect(text == (try model.tokenizer.decode(ids[..<place].map { $0 }, skipSpecial: true)))
    }
  }

  @Test func endsAtAStopText() async throws {
    let model = try await model { $0.metadata["tokenizer.ggml.eos_token_id"] = nil }
    func run(_ seed: UInt64, _ stop: [String] = []) async throws -> (
      ids: [Int], text: String, summary: GenerationSummary
    ) {
      let sampling = SamplingOptions(temperature: 2, seed: seed)
      return try await generate(
        model, [72, 105], GenerationOptions(maximumTokens: 40, sampling: sampling, stop: stop))
    }
    func text(_ scalars: some Sequence<Unicode.Scalar>) -> String {
      var view = String.UnicodeScalarView()
      view.append(contentsOf: scalars)
      return String(view)
    }
    var tried = 0
    for seed in UInt64(0)..<20 {
      let whole = try await run(seed)
      let scalars = Array(whole.text.unicodeScalars)
      // Letters of two tokens at least.
      guard
        let start = scalars.indices.dropFirst(4).first(where: {
          $0 + 3 <= scalars.count && scalars[$0..<$0 + 3].allSatisfy(\.isASCII)
        })
      else { continue }
      tried += 1
      let wanted = text(scalars[start..<start + 3])
      let stopped = try await run(seed, ["§§§", wanted])
      #expect(Array(stopped.text.unicodeScalars) == Array(scalars[..<start]))
      #expect(stopped.summary.finishReason == .stopText)
      #expect(stopped.ids == Array(whole.ids.prefix(stopped.ids.count)) && stopped.ids.count < 40)
      // One that begins and does not come loses nothing.
      let missed = try await run(seed, [wanted + "§", text(scalars.suffix(2)) + "§"])
      #expect(missed.text == whole.text && missed.summary.finishReason == .maximumTokens)
    }
    #expect(tried > 0)
  }

  /// A control token has no text, and ends as a stop text all the same.
  @Test func endsAtASpecialTokenAsStopText() async throws {
    let model = try await model { $0.metadata["tokenizer.ggml.eos_token_id"] = nil }
    var answer = try AnswerText(model.tokenizer, stop: ["<|ab|>", "xy"])
    #expect(try answer.append(Int(UInt8(ascii: "x"))) == "" && !answer.isStopped)
    #expect(try answer.append(Synthetic.special("<|ab|>")) == "" && answer.isStopped)
    #expect(answer.finish() == "x")
  }

  @Test func endsAtTheLimits() async throws {
    let model = try await model()
    let few = try await generate(model, [72], GenerationOptions(maximumTokens: 4))
    #expect(few.summary.tokenCount == 4)
    #expect(few.summary.finishReason == .maximumTokens)
    // A prompt of the whole context gives one token more, which needs no place.
    let prompt = (0..<96).map { $0 % 250 }
    let full = try await generate(model, prompt, GenerationOptions(maximumTokens: 50))
    #expect(full.summary.finishReason == .contextFull)
    #expect(full.summary.tokenCount == 1)
    let short = try await generate(model, [72, 73], GenerationOptions(maximumTokens: 50, context: 6))
    #expect(short.summary.finishReason == .contextFull)
    #expect(short.summary.tokenCount == 5)
  }

  @Test func sessionsAreAsLargeAsNeeded() async throws {
    let model = try await model { $0.metadata["llama.context_length"] = .uint32(1000) }
    for (prompt, tokens, capacity) in [(1, 1, 64), (200, 56, 256), (200, 57, 320), (900, 300, 1000), (1, .max, 1000)] {
      let generation = try TextGeneration(
        model, prompt: [Int](repeating: 65, count: prompt), options: GenerationOptions(maximumTokens: tokens))
      #expect(generation.session.capacity == capacity)
    }
  }
}
