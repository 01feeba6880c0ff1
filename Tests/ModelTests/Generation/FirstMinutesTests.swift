import Heddle
import Synchronization
import Testing

/// What a new user writes first: no constants, integer literals, a cancelled stream.
@Suite struct FirstMinutesTests {
  @Test func `a graph without constants and a tensor of integer literals`() async throws {
    let x = try Tensor([1, 2, 3, 4], shape: [2, 2])
    #expect(x.encoding == .float32)
    #expect(try Tensor([1, 2] as [Int32], shape: [2]).encoding == .int32)
    #expect(try Tensor([Int32(1), 2], shape: [2]).encoding == .int32)
    let builder = GraphBuilder()
    let input = try builder.input("x", .float32, [2, 2])
    let graph = try builder.build(outputs: ["y": builder.add(input, input)])
    let session = try await ReferenceBackend().compile(graph).makeSession([:])
    #expect(try await session.run(RunRequest(inputs: ["x": x]))["y"]?.floats() == [2, 4, 6, 8])
    let dictionary: [String: Tensor] = ["x": x]
    #expect(try await session.run(RunRequest(inputs: NameTable(dictionary))).count == 1)
  }

  @Test func `a cancelled stream throws CancellationError`() async throws {
    // No token ends the text, and a step takes its time: the stream is still there when it is cancelled.
    var llama = try SyntheticLlama()
    llama.metadata["tokenizer.ggml.eos_token_id"] = nil
    let model = try await LanguageModel.open(file: llama.file(), backend: ReferenceBackend())
    let generation = try TextGeneration(
      model, prompt: [72, 105], options: GenerationOptions(maximumTokens: 90), observer: SlowSteps())
    let count = Mutex(0)
    let task = Task {
      for try await event in generation.events() {
        if case .token = event { count.withLock { $0 += 1 } }
        // While an event is handled, and while the next is waited for.
        if count.withLock({ $0 }) == 2 { withUnsafeCurrentTask { $0?.cancel() } }
      }
    }
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(count.withLock { $0 } == 2)

    let waiting = Task {
      var last: GenerationEvent?
      for try await event in generation.events() { last = event }
      return last
    }
    waiting.cancel()
    await #expect(throws: CancellationError.self) { try await waiting.value }
    await #expect(throws: CancellationError.self) {
      try await Task {
        withUnsafeCurrentTask { $0?.cancel() }
        _ = try await generation.run { _ in }
      }.value
    }
  }

  /// The stream itself ends when nobody has it any more.
  @Test func `a cancelled iteration stops a generation whose sequence is kept`() async throws {
    var llama = try SyntheticLlama()
    llama.metadata["tokenizer.ggml.eos_token_id"] = nil
    let model = try await LanguageModel.open(file: llama.file(), backend: ReferenceBackend())
    let slow = SlowSteps()
    let generation = try TextGeneration(
      model, prompt: [72, 105], options: GenerationOptions(maximumTokens: 90), observer: slow)
    let events = generation.events()
    let task = Task {
      var iterator = events.makeAsyncIterator()
      _ = try await iterator.next()
      withUnsafeCurrentTask { $0?.cancel() }
      await #expect(throws: CancellationError.self) { try await iterator.next() }
      #expect(try await iterator.next() == nil)
    }
    try await task.value
    // The step that ran then.
    try await Task.sleep(for: .milliseconds(200))
    let count = slow.count
    try await Task.sleep(for: .milliseconds(200))
    #expect(slow.count == count && count < 90)
    withExtendedLifetime(events) {}
  }

  @Test func `a whole stream ends once`() async throws {
    let model = try await LanguageModel.open(file: SyntheticLlama().file(), backend: ReferenceBackend())
    let generation = try TextGeneration(model, prompt: [72, 105], options: GenerationOptions(maximumTokens: 2))
    var events = generation.events().makeAsyncIterator()
    var last: GenerationEvent?
    while let event = try await events.next() { last = event }
    guard case .finished? = last else {
      Issue.record("the last event is \(String(describing: last))")
      return
    }
    #expect(try await events.next() == nil)
  }
}

/// Makes every step slow, and counts them.
private final class SlowSteps: StepObserver {
  private let steps = Mutex(0)

  var count: Int { steps.withLock { $0 } }

  func willRun(position: Int) async throws -> Bool {
    steps.withLock { $0 += 1 }
    try await Task.sleep(for: .milliseconds(10))
    return false
  }

  func didRun(position: Int, _ profile: RunProfile) {}
}
