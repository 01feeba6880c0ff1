import Dispatch
import HeddlePlanning
import OpenCLRuntime
import Synchronization

/// One use of an executable on its device: states, buffers and kernels of its own, one step at a time.
///
/// A run builds no program and makes no buffer. It works on a thread of the session's own, so no cooperative thread is
/// ever blocked. After a deadline or a cancellation the launches already handed to the device finish in the background;
/// the next run waits for them.
///
/// Rows that a failed step was appending are undefined afterwards, rows before them are intact: run the step again
/// from the same position. ``isUsable`` is false only if a failed step may have overwritten a state as a whole.
public final class OpenCLSession: Session {
  public let executable: OpenCLExecutable
  /// Values of the symbols in state shapes.
  public let fixed: Bindings
  private let thread = DispatchQueue(label: "heddle.session", qos: .userInitiated)
  private let busy = Atomic<Bool>(false)
  private let usable = Atomic<Bool>(true)
  private let runner: SessionRunner

  init(executable: OpenCLExecutable, fixed: Bindings) throws {
    self.executable = executable
    self.fixed = fixed
    let ranges = executable.graph.ranges
    for (symbol, value) in fixed {
      guard let range = ranges[symbol] else { throw ExecutionError.unknownSymbol(symbol, known: Array(ranges.keys)) }
      guard range.contains(value) else {
        throw ExecutionError.binding(.outOfRange(symbol, value: value, range: range))
      }
    }
    for symbol in executable.graph.states.flatMap({ $0.type.shape }).flatMap(\.symbols) where fixed[symbol] == nil {
      throw ExecutionError.binding(.unboundSymbol(symbol))
    }
    runner = try SessionRunner(executable: executable, fixed: fixed)
  }

  public var isUsable: Bool { usable.load(ordering: .acquiring) }

  public func run(_ request: RunRequest) async throws -> [String: Tensor] {
    try await run(request, profiled: false).outputs
  }

  /// Runs one step on the calling thread and blocks it: for callers that are no Swift tasks, and for the least time from
  /// call to return. A deadline is kept, nothing can cancel it.
  ///
  /// - Throws: what ``run(_:)`` throws but `CancellationError`.
  public func runBlocking(_ request: RunRequest) throws -> [String: Tensor] {
    try enter()
    defer { busy.store(false, ordering: .releasing) }
    return try step(request, profiled: false, cancellation: nil).outputs
  }

  /// Runs one step and says what each node took on the device. Profiling costs an event a launch.
  public func profile(_ request: RunRequest) async throws -> (outputs: [String: Tensor], profile: RunProfile) {
    let (outputs, profile) = try await run(request, profiled: true)
    return (outputs, profile ?? RunProfile(entries: []))
  }

  /// Takes a caller's buffer for an input, an output or a state, without a copy; nil puts the session's own back.
  /// A bound input needs no tensor in a request, but its symbols need bindings; a bound output is read only if a
  /// request names it.
  ///
  /// - Throws: ``OpenCLError`` if the buffer belongs to another context or is not aligned.
  public func bind(_ reference: BufferReference, to buffer: Buffer?) async throws {
    try await exclusively { [runner] in try runner.bind(reference, to: buffer) }
  }

  public func reset() async throws {
    try await exclusively { [runner, self] in
      try runner.reset()
      usable.store(true, ordering: .releasing)
    }
  }

  private func run(
    _ request: RunRequest, profiled: Bool
  ) async throws -> (outputs: [String: Tensor], profile: RunProfile?) {
    try Task.checkCancellation()
    let cancellation = Cancellation()
    return try await withTaskCancellationHandler {
      try await exclusively { [self] in try step(request, profiled: profiled, cancellation: cancellation) }
    } onCancel: {
      cancellation.cancel()
    }
  }

  /// Only between ``enter()`` and its end.
  private func step(
    _ request: RunRequest, profiled: Bool, cancellation: Cancellation?
  ) throws -> (outputs: [String: Tensor], profile: RunProfile?) {
    guard isUsable else { throw ExecutionError.sessionUnusable }
    do {
      return try runner.run(request, profiled: profiled, cancellation: cancellation)
    } catch {
      if runner.mayHaveOverwrittenState { usable.store(false, ordering: .releasing) }
      throw error
    }
  }

  /// A second caller is refused, not queued.
  private func enter() throws {
    guard busy.compareExchange(expected: false, desired: true, ordering: .acquiringAndReleasing).exchanged else {
      throw ExecutionError.sessionBusy
    }
  }

  /// Runs `body` on the session's thread.
  private func exclusively<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
    try enter()
    defer { busy.store(false, ordering: .releasing) }
    return try await withCheckedThrowingContinuation { continuation in
      thread.async { continuation.resume(with: Swift.Result { try body() }) }
    }
  }
}

/// A flag one task sets and a session's thread reads.
final class Cancellation: Sendable {
  private let flag = Atomic<Bool>(false)
  var isCancelled: Bool { flag.load(ordering: .relaxed) }
  func cancel() { flag.store(true, ordering: .relaxed) }
}
