import Heddle
import Synchronization
import Testing

@testable import HeddleModels

/// Turns of a chat run only what is new, and say what a chat from its beginning would.
@Suite struct ChatTests {
  static let template =
    "{% for m in messages %}<|ab|>{{ m.role[0] }}{{ m.content }}{% endfor %}{% if add_generation_prompt %}<|a|>{% endif %}"

  private func model() async throws -> LanguageModel {
    var llama = try SyntheticLlama()
    llama.metadata["tokenizer.chat_template"] = .string(Self.template)
    llama.metadata["tokenizer.ggml.eos_token_id"] = nil
    return try await LanguageModel.open(file: llama.file(), backend: ReferenceBackend())
  }

  private func run(_ generation: TextGeneration) async throws -> (text: String, ids: [Int], summary: GenerationSummary)
  {
    let kept = Mutex<(text: String, ids: [Int])>(("", []))
    let summary = try await generation.run { event in
      if case .token(let token) = event {
        kept.withLock {
          $0.text += token.text
          $0.ids.append(token.id)
        }
      }
    }
    let (text, ids) = kept.withLock { $0 }
    return (text, ids, summary)
  }

  @Test func turnsRunWhatIsNew() async throws {
    let model = try await model()
    var chat = try Chat(model, system: "be")
    let options = GenerationOptions(maximumTokens: 5)
    var reused = 0
    for message in ["hello", "or", "aaaa"] {
      chat.conversation.messages.append(ChatMessage(role: .user, content: message))
      let whole = try model.promptIDs(chat.conversation)
      let held = await chat.session.ids
      let kept = zip(held, whole).prefix { $0 == $1 }.count
      reused += kept
      let (text, ids, summary) = try await run(chat.answer(options: options))
      // A sequence of its own, from the beginning.
      #expect(try await run(TextGeneration(model, prompt: whole, options: options)).ids == ids)
      #expect(summary.promptTokenCount == whole.count - kept)
      // The last token of an answer has not been run.
      #expect(await chat.session.ids == whole + ids.dropLast())
      chat.conversation.messages.append(ChatMessage(role: .assistant, content: text))
    }
    #expect(reused > 10)
  }

  /// An answer that was ended leaves the session what was run, and the next turn goes on from there.
  @Test func anEndedAnswerIsKept() async throws {
    let model = try await model()
    var chat = try Chat(model)
    let options = GenerationOptions(maximumTokens: 5)
    chat.conversation.messages.append(ChatMessage(role: .user, content: "hello"))
    let first = try chat.answer(options: options)
    let text = Mutex("")
    let task = Task {
      try await first.run { event in
        guard case .token(let token) = event else { return }
        text.withLock { $0 += token.text }
        withUnsafeCurrentTask { $0?.cancel() }
      }
    }
    await #expect(throws: CancellationError.self) { _ = try await task.value }
    #expect(await chat.session.ids == first.prompt)
    chat.conversation.messages.append(ChatMessage(role: .assistant, content: text.withLock { $0 }))
    chat.conversation.messages.append(ChatMessage(role: .user, content: "or"))
    let whole = try model.promptIDs(chat.conversation)
    let kept = zip(first.prompt, whole).prefix { $0 == $1 }.count
    let (_, ids, summary) = try await run(chat.answer(options: options))
    #expect(try await run(TextGeneration(model, prompt: whole, options: options)).ids == ids)
    #expect(kept == first.prompt.count - 1 && summary.promptTokenCount == whole.count - kept)
  }

  /// Another conversation in the same session: what they share is kept, the rest is run.
  @Test func aSessionGoesBackToWhatIsShared() async throws {
    let model = try await model()
    let session = try model.makeSession(capacity: 96)
    let options = GenerationOptions(maximumTokens: 4)
    for prompt in [Array(40..<60), Array(40..<50) + [7, 8, 9], Array(40..<45), [1], Array(40..<60)] {
      let alone = try await run(TextGeneration(model, prompt: prompt, options: options))
      let kept = try await run(TextGeneration(model, prompt: prompt, options: options, session: session))
      #expect(alone.ids == kept.ids)
      // The same prompt again: its last token is run, whose logits choose.
      let again = try await run(TextGeneration(model, prompt: prompt, options: options, session: session))
      #expect(again.ids == alone.ids && again.summary.promptTokenCount == 1)
    }
  }

  @Test func aSessionRewinds() async throws {
    let model = try await model()
    let session = try model.makeSession(capacity: 32)
    let ids = Array(60..<80)
    let whole = try await session.logits(after: ids)
    try await session.rewind(to: 7)
    #expect(await session.position == 7)
    #expect(await session.ids == Array(ids.prefix(7)))
    let other = try await session.logits(after: [3, 4, 5])
    try await session.rewind(to: 7)
    let again = try await session.logits(after: Array(ids.dropFirst(7)))
    #expect(again == whole && other != whole)
    #expect(try await session.keep(Array(60..<70) + [1]) == 10)
    #expect(try await session.keep([]) == 0)
    for position in [-1, 1, .max, .min] {
      await #expect(throws: ModelError.invalidOption("position", value: position, range: 0...0)) {
        try await session.rewind(to: position)
      }
    }
  }

  @Test func aFullContextIsSaid() async throws {
    let model = try await model()
    var chat = try Chat(model, context: 24)
    chat.conversation.messages.append(ChatMessage(role: .user, content: "hello"))
    let (text, ids, summary) = try await run(chat.answer(options: GenerationOptions(maximumTokens: 90)))
    #expect(summary.finishReason == .contextFull)
    let prompt = try model.promptIDs(chat.conversation).count
    #expect(prompt + ids.count == 25)
    chat.conversation.messages += [
      ChatMessage(role: .assistant, content: text), ChatMessage(role: .user, content: "so"),
    ]
    let more = try model.promptIDs(chat.conversation).count
    #expect(throws: ModelError.promptTooLong(tokens: more, context: 24)) { _ = try chat.answer() }
  }

  @Test func wrongUseIsNamed() async throws {
    let model = try await model()
    let other = try await self.model()
    #expect(throws: ModelError.otherModel) {
      _ = try TextGeneration(model, prompt: [1], session: try other.makeSession(capacity: 8))
    }
    #expect(throws: ModelError.promptTooLong(tokens: 9, context: 8)) {
      _ = try TextGeneration(
        model, prompt: [Int](repeating: 1, count: 9), session: try model.makeSession(capacity: 8))
    }
    for count in [-1, 272, .max] {
      let error = ModelError.invalidOption("log-probabilities", value: count, range: 0...271)
      #expect(throws: error) {
        _ = try TextGeneration(model, prompt: [1], options: GenerationOptions(logProbabilities: count))
      }
    }
    #expect(throws: ModelError.invalidOption("capacity", value: 97, range: 1...96)) { _ = try Chat(model, context: 97) }
    let plain = try await LanguageModel.open(file: SyntheticLlama().file(), backend: ReferenceBackend())
    #expect(throws: ModelError.noChatTemplate) { _ = try Chat(plain) }
  }

  @Test func tokensComeWithLogProbabilities() async throws {
    let model = try await model()
    for temperature: Float in [0, 1.5] {
      let sampling = SamplingOptions(temperature: temperature, repetitionPenalty: 1.2, seed: 4)
      let options = GenerationOptions(maximumTokens: 6, sampling: sampling, logProbabilities: 3)
      var ids = [72, 105]
      let session = try model.makeSession(capacity: 32)
      var logits = try await session.logits(after: ids)
      for try await event in try TextGeneration(model, prompt: ids, options: options).events() {
        guard case .token(let token) = event else { continue }
        let wanted = try LogProbabilities(logits)
        #expect(token.logProbability == wanted[token.id] && token.top == wanted.top(3))
        ids.append(token.id)
        logits = try await session.logits(after: [token.id])
      }
      #expect(ids.count == 8)
    }
    let plain = GenerationOptions(maximumTokens: 2)
    for try await event in try TextGeneration(model, prompt: [72], options: plain).events() {
      if case .token(let token) = event { #expect(token.logProbability == nil && token.top.isEmpty) }
    }
  }

  @Test func penaltiesChangeAGreedyAnswer() async throws {
    let model = try await model()
    let sampling = SamplingOptions(presencePenalty: 1000)
    let options = GenerationOptions(maximumTokens: 40, sampling: sampling)
    let ids = try await run(TextGeneration(model, prompt: [72, 105], options: options)).ids
    #expect(Set(ids + [72, 105]).count == 42)
  }
}
