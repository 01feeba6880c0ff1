import Dispatch
@_exported import HeddlePlanning
@_exported import OpenCLRuntime
import Synchronization

/// Runs graphs on one OpenCL device.
///
/// Everything the backend makes on the device shares one context, so a device fails alone. Packed constants and built
/// programs are shared by all executables of a backend.
public final class OpenCLBackend: Backend {
  public let device: Device
  /// Where choices among candidates come from.
  public let tuning: Tuning
  /// What compiling may choose from where its options do not say.
  public let numerics: Numerics
  /// What was measured on this device.
  public let tuningRecord: TuningRecord
  let digests: KernelDigests
  let state: DeviceState
  private let customKernels: [String: CustomKernel]
  private let executables = Mutex<[CompileKey: WeakExecutable]>([:])

  private struct CompileKey: Hashable {
    var graph: Graph
    var store: ObjectIdentifier
    var layouts: [BufferReference: TensorLayout]
  }

  private struct WeakExecutable {
    weak var store: ConstantStore?
    weak var executable: OpenCLExecutable?
  }

  /// - Parameters:
  ///   - device: ``Device/preferred()`` honours the environment and else takes a GPU if there is one.
  ///   - customKernels: implementations of ``Custom`` operations by name.
  ///   - cache: where built programs are kept between processes; nil keeps none.
  ///   - budgetBytes: device memory this backend may use; nil for the runtime's default.
  ///   - tuning: where choices among candidates come from. The record of what was measured is in the cache's folder.
  ///   - numerics: what may be chosen from.
  public convenience init(
    device: Device, customKernels: [String: CustomKernel] = [:], cache: ProgramCache? = .standard,
    budgetBytes: Int? = nil, tuning: Tuning = .recorded, numerics: Numerics = .exact
  ) throws(OpenCLError) {
    try self.init(
      device: device, customKernels: customKernels, cache: cache, budgetBytes: budgetBytes, tuning: tuning,
      numerics: numerics, digests: KernelDigests())
  }

  convenience init(
    device: Device, customKernels: [String: CustomKernel] = [:], cache: ProgramCache?, budgetBytes: Int? = nil,
    tuning: Tuning, numerics: Numerics = .exact, digests: KernelDigests
  ) throws(OpenCLError) {
    self.init(
      context: try Context(device: device, budgetBytes: budgetBytes), customKernels: customKernels, cache: cache,
      tuning: tuning, numerics: numerics, digests: digests)
  }

  /// A backend in a context that exists: ``Context/init(adopting:device:budgetBytes:)``.
  public convenience init(
    context: Context, customKernels: [String: CustomKernel] = [:], cache: ProgramCache? = .standard,
    tuning: Tuning = .recorded, numerics: Numerics = .exact
  ) {
    self.init(
      context: context, customKernels: customKernels, cache: cache, tuning: tuning, numerics: numerics,
      digests: KernelDigests())
  }

  private init(
    context: Context, customKernels: [String: CustomKernel], cache: ProgramCache?, tuning: Tuning, numerics: Numerics,
    digests: KernelDigests
  ) {
    device = context.device
    self.customKernels = customKernels
    self.tuning = tuning
    self.numerics = numerics
    self.digests = digests
    tuningRecord = TuningRecord(device: context.device, cache: cache)
    state = DeviceState(device: context.device, context: context, cache: cache)
  }

  public var deviceName: String { device.identifier }

  /// What everything on the device is made in: buffers to bind to a session must be made in it too.
  public var context: Context { state.context }

  /// Bytes on the device now: packed constants, arenas, states, inputs and outputs of everything alive.
  public var deviceByteCount: Int { state.context.allocatedBytes }

  /// How many buffers were made so far. A run makes none; a library it calls may make some of its own, uncounted.
  public var allocationCount: Int { state.context.allocationCount }

  // Traps: never, nobody builds 2⁶³ programs.
  /// How many programs were built so far, libraries' own among them. A run builds none.
  public var buildCount: Int { state.context.buildCount + state.libraryBuildCount }

  /// Kernel objects alive now; zero once every session is gone.
  public var liveKernelCount: Int { state.context.liveKernelCount }

  public var planner: Planner { Planner(target: state.target, customKernels: customKernels) }

  public func supports(_ operation: any GraphOperation, operands: [TensorType]) -> Support {
    planner.support(operation, operands: operands)
  }

  public func compile(_ graph: Graph, constants: ConstantStore) async throws -> any Executable {
    try await compile(graph, constants: constants, options: nil)
  }

  public func compile(
    _ graph: Graph, constants: ConstantStore, progress: @escaping CompileProgress.Handler
  ) async throws -> any Executable {
    try await compile(graph, constants: constants, options: nil, progress: progress)
  }

  /// Plans the graph, builds its programs and packs its constants. The same graph with the same constants gives the
  /// same executable while one is alive, unless there are options.
  ///
  /// - Throws: ``PlanError``, ``OpenCLError``, ``TypeError``; `CancellationError` if the task is cancelled, when the
  ///   program that is being built is done.
  public func compile(
    _ graph: Graph, constants: ConstantStore, options: PlanOptions?,
    progress: @escaping CompileProgress.Handler = { _ in }
  ) async throws -> OpenCLExecutable {
    // Before the lock, which another thread may have held when this process was forked.
    try ForkedChild.check()
    let key = CompileKey(graph: graph, store: ObjectIdentifier(constants), layouts: [:])
    if options == nil, let known = known(key, constants) { return known }
    var planning = options ?? PlanOptions()
    planning.numerics = planning.numerics ?? numerics
    try await tuneOnDemand(graph, constants: constants, options: planning)
    let cancellation = RunCancellation()
    let executable = try await withTaskCancellationHandler {
      try await onOwnThread { [self, planning] in
        let plan = try plan(graph, options: planning)
        return try OpenCLExecutable(source: graph, plan: plan, constants: constants, state: state) { now in
          try cancellation.check()
          try progress(now)
        }
      }
    } onCancel: {
      cancellation.cancel()
    }
    return options == nil ? remember(executable, key, constants) : executable
  }

  /// ``compile(_:constants:)`` on the calling thread, for memory that lies as `layouts` says. Nothing is measured,
  /// whatever the backend's ``Tuning``.
  ///
  /// - Parameter progress: told how far it has come; what it throws ends it.
  /// - Throws: what ``compile(_:constants:options:progress:)`` throws; `CancellationError` only if there is a
  ///   cancellation.
  public func compileBlocking(
    _ graph: Graph, constants: ConstantStore, layouts: [BufferReference: TensorLayout] = [:],
    cancellation: RunCancellation? = nil, progress: CompileProgress.Handler = { _ in }
  ) throws -> OpenCLExecutable {
    try ForkedChild.check()
    let key = CompileKey(graph: graph, store: ObjectIdentifier(constants), layouts: layouts)
    if let known = known(key, constants) { return known }
    var planning = PlanOptions()
    planning.numerics = numerics
    planning.layouts = layouts
    let plan = try plan(graph, options: planning)
    return remember(
      try OpenCLExecutable(source: graph, plan: plan, constants: constants, state: state) { now in
        try cancellation?.check()
        try progress(now)
      }, key, constants)
  }

  private func known(_ key: CompileKey, _ constants: ConstantStore) -> OpenCLExecutable? {
    guard let entry = executables.withLock({ $0[key] }), entry.store === constants else { return nil }
    return entry.executable
  }

  private func remember(_ executable: OpenCLExecutable, _ key: CompileKey, _ constants: ConstantStore)
    -> OpenCLExecutable
  {
    // What a weak reference gives may be the last one: it goes outside the lock, since its owners may call anything.
    let (chosen, alive) = executables.withLock { known in
      let alive = known.mapValues { ($0.store, $0.executable) }
      // Another thread may have compiled the same graph meanwhile: all get the first.
      if let (store, first) = alive[key], store === constants, let first { return (first, alive) }
      known = known.filter { alive[$0.key]?.1 != nil }
      known[key] = WeakExecutable(store: constants, executable: executable)
      return (executable, alive)
    }
    return withExtendedLifetime(alive) { chosen }
  }

  /// Makes the next compilations plan anew: what is best may be known better.
  func forgetExecutables() { executables.withLock { $0 = [:] } }
}

/// Runs blocking work away from Swift's cooperative threads.
func onOwnThread<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
  try ForkedChild.check()
  return try await onThread(body)
}

// Traps: never, the continuation is resumed once.
private func onThread<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
  try await withCheckedThrowingContinuation { continuation in
    DispatchQueue.global(qos: .userInitiated).async {
      continuation.resume(with: Swift.Result { try body() })
    }
  }
}
