import Dispatch
import HeddlePlanning
import HeddleText
import Synchronization

/// One use of an executable on its device: states, buffers and kernels of its own, one step at a time.
///
/// A run builds no program, and makes memory only where it needs more than there is. It works on a thread of the session's
/// own, so no cooperative thread is ever blocked. After a deadline or a cancellation the launches already handed to the
/// device finish in the background; the next run waits for them.
///
/// Rows that a failed step was appending are undefined afterwards, rows before them are intact: run the step again
/// from the same position. ``isUsable`` is false only if a failed step may have overwritten a state as a whole.
public final class DeviceSession: Session {
  public let executable: DeviceExecutable
  /// Values of the symbols in state shapes.
  public let fixed: Bindings
  private let thread: SessionThread
  private let busy = Atomic<Bool>(false)
  private let usable = Atomic<Bool>(true)
  private let runner: SessionRunner

  init(
    executable: DeviceExecutable, fixed: Bindings, queue: (any DeviceQueue)? = nil, thread: SessionThread
  ) throws {
    self.executable = executable
    self.fixed = fixed
    self.thread = thread
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

  public var expertStatistics: ExpertStatistics? { runner.experts?.statistics }

  public var isUsable: Bool { usable.load(ordering: .acquiring) }

  // As a task

  public func run(_ request: RunRequest) async throws -> NameTable<Tensor> {
    try await run(request, profiled: false).outputs
  }

  /// Profiling costs an event a launch.
  public func profile(_ request: RunRequest) async throws -> (outputs: NameTable<Tensor>, profile: RunProfile) {
    let (outputs, profile) = try await run(request, profiled: true)
    return (outputs, profile ?? RunProfile())
  }

  public func reset() async throws { try await exclusively { [self] in try cleared() } }

  @discardableResult
  public func bind(_ place: TensorPlace, to memory: BoundMemory?) async throws -> Residence {
    try await exclusively { [runner] in try runner.bind(place, to: memory) }
  }

  public func write(_ tensor: Tensor, to place: TensorPlace) async throws {
    try await exclusively { [runner] in try tensor.bytes.withUnsafeBytes { try runner.write($0, to: place) } }
  }

  public func read(_ place: TensorPlace) async throws -> Tensor {
    try await exclusively { [runner] in
      let (type, shape) = (try runner.type(of: place), try runner.shape(of: place))
      let count = try type.encoding.byteCount(shape: shape)
      try runner.checkReadable(count, from: place)
      // Traps: never (tensor-in-buffer).
      var bytes = [UInt8](repeating: 0, count: count)
      try bytes.withUnsafeMutableBytes { try runner.read($0, from: place) }
      return try Tensor(encoding: type.encoding, shape: shape, bytes: bytes)
    }
  }

  // On the calling thread

  public func runBlocking(_ request: RunRequest, cancellation: RunCancellation?) throws -> NameTable<Tensor> {
    try here { try step { try runner.run(request, profiled: false, cancellation: cancellation).outputs } }
  }

  public func profileBlocking(
    _ request: RunRequest, cancellation: RunCancellation?
  ) throws -> (outputs: NameTable<Tensor>, profile: RunProfile) {
    try here {
      let (outputs, profile) = try step { try runner.run(request, profiled: true, cancellation: cancellation) }
      return (outputs, profile ?? RunProfile())
    }
  }

  public func runAgainBlocking(deadline: ContinuousClock.Instant?, cancellation: RunCancellation?) throws {
    try here { try step { try runner.runAgain(deadline: deadline, cancellation: cancellation) } }
  }

  public func resetBlocking() throws { try here { try cleared() } }

  @discardableResult
  public func bindBlocking(_ place: TensorPlace, to memory: BoundMemory?) throws -> Residence {
    try here { try runner.bind(place, to: memory) }
  }

  public func writeBlocking(_ bytes: UnsafeRawBufferPointer, to place: TensorPlace) throws {
    try here { try runner.write(bytes, to: place) }
  }

  public func readBlocking(_ bytes: UnsafeMutableRawBufferPointer, from place: TensorPlace) throws {
    try here { try runner.read(bytes, from: place) }
  }

  public func checkReadableBlocking(_ byteCount: Int, from place: TensorPlace) throws {
    try here { try runner.checkReadable(byteCount, from: place) }
  }

  public func shapeBlocking(of place: TensorPlace) throws -> [Int] { try here { try runner.shape(of: place) } }

  public func memoryBlocking(of place: TensorPlace) throws -> (memory: any DeviceMemory, shape: [Int]) {
    try here { try runner.value(of: place) }
  }

  public func finishBlocking() throws { try here { try runner.drain() } }

  private func run(
    _ request: RunRequest, profiled: Bool
  ) async throws -> (outputs: NameTable<Tensor>, profile: RunProfile?) {
    try Task.checkCancellation()
    if case .calling(let cancellation) = thread {
      return try here { try step { try runner.run(request, profiled: profiled, cancellation: cancellation) } }
    }
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
  private func cleared() throws {
    try runner.reset()
    usable.store(true, ordering: .releasing)
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
    try executable.state.runtime.checkProcess()
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

  /// Runs `body` on the session's thread.
  private func exclusively<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
    guard case .own(let queue) = thread else { return try here(body) }
    try enter()
    defer { busy.store(false, ordering: .releasing) }
    return try await onThread(of: queue, body)
  }
}

/// The thread on which a session works for tasks.
enum SessionThread: Sendable {
  /// One of its own: a task is suspended meanwhile.
  case own(DispatchQueue)
  /// The one that calls, until somebody cancels.
  case calling(RunCancellation)

  static func makeOwn() -> SessionThread { .own(DispatchQueue(label: "heddle.session", qos: .userInitiated)) }
}
