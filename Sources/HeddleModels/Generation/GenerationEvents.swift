/// The events of one generation, as ``TextGeneration/events()`` gives them: a sequence to walk once.
///
/// An `AsyncThrowingStream` ends without an error in a cancelled task, as if the text were complete; this throws
/// `CancellationError`.
public struct GenerationEvents: AsyncSequence, Sendable {
  public typealias Element = GenerationEvent
  public typealias Failure = any Error

  private let stream: AsyncThrowingStream<GenerationEvent, any Error>

  init(_ generation: TextGeneration) {
    stream = AsyncThrowingStream { continuation in
      let task = Task {
        do {
          try await generation.run { continuation.yield($0) }
          continuation.finish()
        } catch {
          continuation.finish(throwing: error)
        }
      }
      continuation.onTermination = { _ in task.cancel() }
    }
  }

  public func makeAsyncIterator() -> Iterator { Iterator(base: stream.makeAsyncIterator()) }

  public struct Iterator: AsyncIteratorProtocol {
    var base: AsyncThrowingStream<GenerationEvent, any Error>.Iterator
    private var isFinished = false

    init(base: AsyncThrowingStream<GenerationEvent, any Error>.Iterator) { self.base = base }

    /// The next event; nil after ``GenerationEvent/finished(_:)``.
    ///
    /// - Throws: what ``TextGeneration/run(_:)`` throws, and `CancellationError` if the task is cancelled before the end.
    public mutating func next() async throws -> GenerationEvent? {
      try await next(isolation: nil)
    }

    public mutating func next(isolation actor: isolated (any Actor)?) async throws -> GenerationEvent? {
      if isFinished { return nil }
      try Task.checkCancellation()
      let event = try await base.next(isolation: actor)
      if case .finished? = event { isFinished = true }
      if event == nil, !isFinished {
        isFinished = true
        throw CancellationError()
      }
      return event
    }
  }
}
