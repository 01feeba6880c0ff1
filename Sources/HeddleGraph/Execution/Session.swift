import HeddleText

/// Holds the states of one use of an executable and runs one step at a time: a second call meanwhile throws
/// ``ExecutionError/sessionBusy``.
///
/// Every form without `Blocking` suspends the task and blocks no thread. The blocking forms work on the calling thread: for
/// callers that are no Swift tasks, and for the least time from call to return. A backend that computes elsewhere than on a
/// device may lack what is about memory and threads; that throws ``ExecutionError/unsupported(_:reason:_:)``.
public protocol Session: AnyObject, Sendable {
  /// Whether the states still mean something: false after a failed step that had begun to overwrite them.
  var isUsable: Bool { get }

  /// How often experts were on the device; nil if all are.
  var expertStatistics: ExpertStatistics? { get }

  /// Runs one step. Cancelling the task throws `CancellationError`; see ``isUsable`` for what remains.
  func run(_ request: RunRequest) async throws -> NameTable<Tensor>

  /// Runs one step and says what each node took on the device; no entries where nothing can be timed.
  func profile(_ request: RunRequest) async throws -> (outputs: NameTable<Tensor>, profile: RunProfile)

  /// Sets all states to their initial values; the session is usable again.
  func reset() async throws

  /// Takes a caller's memory for an input, a state or an output; nil puts the session's own back, in which an input has no
  /// value and a state its initial one. Each run reads inputs from it and writes outputs and states to it.
  ///
  /// A bound input needs no tensor in a request, but its symbols need bindings; a bound output is read only if a request
  /// names it. Memory of the host is used in place where the device shares it, the address suits the element and the
  /// elements lie as the executable was compiled for; else it is gathered before and scattered after each run.
  ///
  /// - Returns: Whether runs copy.
  /// - Throws: ``ExecutionError`` for memory that the place cannot have; what was bound before stays.
  @discardableResult
  func bind(_ place: TensorPlace, to memory: BoundMemory?) async throws -> Residence

  /// Sets an input, which then needs no tensor in a request until one brings it, or a state.
  func write(_ tensor: Tensor, to place: TensorPlace) async throws

  /// The value of an input, a state or an output, with the extents of the last run.
  func read(_ place: TensorPlace) async throws -> Tensor

  /// ``run(_:)`` on the calling thread.
  ///
  /// - Throws: what ``run(_:)`` throws; `CancellationError` only if there is a cancellation.
  func runBlocking(_ request: RunRequest, cancellation: RunCancellation?) throws -> NameTable<Tensor>

  /// ``profile(_:)`` on the calling thread.
  func profileBlocking(
    _ request: RunRequest, cancellation: RunCancellation?
  ) throws -> (outputs: NameTable<Tensor>, profile: RunProfile)

  /// Runs the last step of ``runBlocking(_:cancellation:)`` that took no tensors once more: nothing is looked up. Its
  /// inputs and outputs are what is bound.
  func runAgainBlocking(deadline: ContinuousClock.Instant?, cancellation: RunCancellation?) throws

  /// ``reset()`` on the calling thread.
  func resetBlocking() throws

  /// ``bind(_:to:)`` on the calling thread.
  @discardableResult
  func bindBlocking(_ place: TensorPlace, to memory: BoundMemory?) throws -> Residence

  /// Writes row-major bytes to an input or a state.
  func writeBlocking(_ bytes: UnsafeRawBufferPointer, to place: TensorPlace) throws

  /// Reads row-major bytes of an input, a state or an output, as many as there is room for.
  func readBlocking(_ bytes: UnsafeMutableRawBufferPointer, from place: TensorPlace) throws

  /// Throws unless ``readBlocking(_:from:)`` has so many bytes to give: to be asked before memory is taken for them.
  func checkReadableBlocking(_ byteCount: Int, from place: TensorPlace) throws

  /// The extents of an input, a state or an output in the last run.
  func shapeBlocking(of place: TensorPlace) throws -> [Int]

  /// The device memory of an input, a state or an output, and its extents in the last run. A later run that needs more room
  /// may use another.
  func memoryBlocking(of place: TensorPlace) throws -> (memory: any DeviceMemory, shape: [Int])

  /// Waits for what a run that was given up left on the device.
  func finishBlocking() throws
}

extension Session {
  /// Runs one step on the calling thread, which nobody cancels.
  public func runBlocking(_ request: RunRequest) throws -> NameTable<Tensor> {
    try runBlocking(request, cancellation: nil)
  }

  /// Runs and times one step on the calling thread, which nobody cancels.
  public func profileBlocking(
    _ request: RunRequest
  ) throws -> (outputs: NameTable<Tensor>, profile: RunProfile) {
    try profileBlocking(request, cancellation: nil)
  }

  /// Runs the last step without tensors once more, without an end.
  public func runAgainBlocking() throws { try runAgainBlocking(deadline: nil, cancellation: nil) }
}
