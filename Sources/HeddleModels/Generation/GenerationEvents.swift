/// The events of one generation, as ``TextGeneration/events()`` gives them: a sequence to walk once.
///
/// An `AsyncThrowingStream` ends without an error in a cancelled task, as if the text were complete; this throws
/// `CancellationError`.
public struct GenerationEvents: AsyncSequence, Sendable {
  public typealias Element = GenerationEvent
  public typealias Failure = any Error

  private let stream: AsyncThrowingStream<GenerationEvent, any Error>
  private let task: Task<Void, Never>

  init(_ generation: TextGeneration) {
    let (stream, continuation) = AsyncThrowingStream.makeStream(of: GenerationEvent.self, throwing: (any Error).self)
    let task = Task {
      do {
        try await generation.run { continuation.yield($0) }
        continuation.finish()
      } catch {
        continuation.finish(throwing: error)
      }
    }
    continuation.onTermination = { _ in task.cancel() }
    self.stream = stream
    self.task = task
  }

  public func makeAsyncIterator() -> Iterator { Iterator(base: stream.makeAsyncIterator(), task: task) }

  public struct Iterator: AsyncIteratorProtocol {
    private var base: AsyncThrowingStream<GenerationEvent, any Error>.Iterator
    private let task: Task<Void, Never>
    private var isFinished = false

    init(base: AsyncThrowingStream<GenerationEvent, any Error>.Iterator, task: Task<Void, Never>) {
      self.base = base
      self.task = task
    }

    /// The next event; nil after ``GenerationEvent/finished(_:)`` and after an error.
    ///
    /// - Throws: what ``TextGeneration/run(_:)`` throws, and `CancellationError` if the task is cancelled before the
    ///   end.
    public mutating func next() async throws -> GenerationEvent? {
      try await next(isolation: nil)
    }

    public mutating func next(isolation actor: isolated (any Actor)?) async throws -> GenerationEvent? {
      if isFinished { return nil }
      do {
        try Task.checkCancellation()
        let event = try await base.next(isolation: actor)
        guard let event else { throw CancellationError() }
        if case .finished = event { isFinished = true }
        return event
      } catch {
        isFinished = true
        // The stream ends with its last holder, and a caller may keep the sequence.
        task.cancel()
        throw error
      }
    }
  }
}
