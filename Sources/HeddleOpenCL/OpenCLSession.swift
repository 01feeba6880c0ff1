import Dispatch
import HeddlePlanning
import HeddleText
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

  init(executable: OpenCLExecutable, fixed: Bindings, queue: CommandQueue?) throws {
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
    runner = try SessionRunner(executable: executable, fixed: fixed, queue: queue)
  }

  public var isUsable: Bool { usable.load(ordering: .acquiring) }

  public func run(_ request: RunRequest) async throws -> NameTable<Tensor> {
    try await run(request, profiled: false).outputs
  }

  // On the calling thread: for callers that are no Swift tasks, and for the least time from call to return.

  /// Runs one step on the calling thread and blocks it.
  ///
  /// - Throws: what ``run(_:)`` throws; `CancellationError` only if there is a cancellation.
  public func runBlocking(_ request: RunRequest, cancellation: RunCancellation? = nil) throws -> NameTable<Tensor> {
    try here { try step { try runner.run(request, profiled: false, cancellation: cancellation).outputs } }
  }

  /// Runs one step on the calling thread and says what each node took on the device.
  public func profileBlocking(
    _ request: RunRequest, cancellation: RunCancellation? = nil
  ) throws -> (outputs: NameTable<Tensor>, profile: RunProfile) {
    try here {
      let (outputs, profile) = try step { try runner.run(request, profiled: true, cancellation: cancellation) }
      return (outputs, profile ?? RunProfile(entries: []))
    }
  }

  /// Runs the last step of ``runBlocking(_:cancellation:)`` that took no tensors once more: nothing is looked up. Its
  /// inputs and outputs are what is bound.
  public func runAgainBlocking(deadline: ContinuousClock.Instant? = nil, cancellation: RunCancellation? = nil) throws {
    try here { try step { try runner.runAgain(deadline: deadline, cancellation: cancellation) } }
  }

  /// ``bind(_:to:)->Residence`` on the calling thread; nil puts the session's own back.
  @discardableResult
  public func bindBlocking(_ reference: BufferReference, to memory: BoundMemory?) throws -> Residence {
    try here { try runner.bind(reference, to: memory) }
  }

  /// ``reset()`` on the calling thread.
  public func resetBlocking() throws {
    try here {
      try runner.reset()
      usable.store(true, ordering: .releasing)
    }
  }

  /// Writes row-major bytes to an input or a state; an input then needs no tensor in a request.
  public func writeBlocking(_ bytes: UnsafeRawBufferPointer, to reference: BufferReference) throws {
    try here { try runner.write(bytes, to: reference) }
  }

  /// Reads row-major bytes of an input, an output or a state, as many as there is room for.
  public func readBlocking(_ bytes: UnsafeMutableRawBufferPointer, from reference: BufferReference) throws {
    try here { try runner.read(bytes, from: reference) }
  }

  /// The extents of an input, an output or a state in the last run.
  public func shapeBlocking(of reference: BufferReference) throws -> [Int] {
    try here { try runner.shape(of: reference) }
  }

  /// The device memory of an input, an output or a state, and its extents in the last run.
  public func valueBlocking(of reference: BufferReference) throws -> (buffer: Buffer, shape: [Int]) {
    try here { try runner.value(of: reference) }
  }

  /// Waits for what a run that was given up left on the device.
  public func finishBlocking() throws { try here { try runner.drain() } }

  // As a task

  /// Runs one step and says what each node took on the device. Profiling costs an event a launch.
  public func profile(_ request: RunRequest) async throws -> (outputs: NameTable<Tensor>, profile: RunProfile) {
    let (outputs, profile) = try await run(request, profiled: true)
    return (outputs, profile ?? RunProfile(entries: []))
  }

  /// Takes a caller's buffer for an input, an output or a state, without a copy; nil puts the session's own back.
  /// A bound input needs no tensor in a request, but its symbols need bindings; a bound output is read only if a
  /// request names it.
  ///
  /// - Throws: ``OpenCLError`` if the buffer belongs to another context or is not aligned.
  public func bind(_ reference: BufferReference, to buffer: Buffer?) async throws {
    _ = try await exclusively { [runner] in try runner.bind(reference, to: buffer.map { .buffer($0) }) }
  }

  /// The same for a caller's device or host memory. Each run reads inputs from it and writes outputs and states to it.
  ///
  /// Host memory is used in place where the device shares it, the address suits the element and the elements lie as the
  /// executable was compiled for; else it is gathered before and scattered after each run.
  ///
  /// - Returns: Whether runs copy.
  @discardableResult
  public func bind(_ reference: BufferReference, to memory: BoundMemory) async throws -> Residence {
    try await exclusively { [runner] in try runner.bind(reference, to: memory) }
  }

  public func reset() async throws {
    try await exclusively { [runner, self] in
      try runner.reset()
      usable.store(true, ordering: .releasing)
    }
  }

  private func run(
    _ request: RunRequest, profiled: Bool
  ) async throws -> (outputs: NameTable<Tensor>, profile: RunProfile?) {
    try Task.checkCancellation()
    let cancellation = RunCancellation()
    return try await withTaskCancellationHandler {
      try await exclusively { [self] in
        try step { try runner.run(request, profiled: profiled, cancellation: cancellation) }
      }
    } onCancel: {
      cancellation.cancel()
    }
  }

  /// Only inside an exclusive section.
  private func step<Result>(_ body: () throws -> Result) throws -> Result {
    guard isUsable else { throw ExecutionError.sessionUnusable }
    do {
      return try body()
    } catch {
      if runner.mayHaveOverwrittenState { usable.store(false, ordering: .releasing) }
      throw error
    }
  }

  /// A second caller is refused, not queued.
  private func enter() throws {
    // The thread that would run a step exists in the process that was forked, not in its child.
    try ForkedChild.check()
    guard busy.compareExchange(expected: false, desired: true, ordering: .acquiringAndReleasing).exchanged else {
      throw ExecutionError.sessionBusy
    }
  }

  /// Runs `body` on the calling thread.
  private func here<Result>(_ body: () throws -> Result) throws -> Result {
    try enter()
    defer { busy.store(false, ordering: .releasing) }
    return try body()
  }

  // Traps: never, the continuation is resumed once.
  /// Runs `body` on the session's thread.
  private func exclusively<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
    try enter()
    defer { busy.store(false, ordering: .releasing) }
    return try await withCheckedThrowingContinuation { continuation in
      thread.async { continuation.resume(with: Swift.Result { try body() }) }
    }
  }
}
