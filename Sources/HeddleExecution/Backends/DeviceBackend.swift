import Dispatch
import HeddlePlanning
import Synchronization

/// Runs graphs on one device: ``OpenCLBackend`` is one.
///
/// Everything the backend makes on the device goes through one runtime, so a device fails alone. Packed constants and built
/// programs are shared by all executables of a backend. All that it holds is immutable or behind a lock.
open class DeviceBackend: Backend, @unchecked Sendable {
  /// Where choices among candidates come from.
  public let tuning: Tuning
  /// What compiling may choose from where its options do not say.
  public let numerics: Numerics
  /// Which launches run as tapes where its options do not say.
  public let taping: Taping
  /// What was measured on this device.
  public let tuningRecord: TuningRecord
  let digests: KernelDigests
  let state: DeviceState
  private let customKernels: [String: CustomKernel]
  private let executables = Mutex<[CompileKey: WeakExecutable]>([:])

  private struct CompileKey: Hashable {
    var graph: Graph
    var store: ObjectIdentifier
    var layouts: [TensorPlace: TensorLayout]
  }

  private struct WeakExecutable {
    weak var store: ConstantStore?
    weak var executable: DeviceExecutable?
  }

  /// - Parameters:
  ///   - customKernels: implementations of ``Custom`` operations by name.
  ///   - cacheFolder: the folder in which measurements are kept between processes; nil keeps none.
  ///   - digests: what tells kernels of today from measured ones; nil for the texts they have.
  package init(
    runtime: any DeviceRuntime, customKernels: [String: CustomKernel] = [:], cacheFolder: String? = nil,
    tuning: Tuning = .recorded, numerics: Numerics = .exact, taping: Taping = .whereLaunchesAreSmall,
    digests: KernelDigests? = nil
  ) {
    self.customKernels = customKernels
    self.tuning = tuning
    self.numerics = numerics
    self.taping = taping
    self.digests = digests ?? KernelDigests(libraryVersion: runtime.version(of:))
    tuningRecord = TuningRecord(
      device: "\(runtime.deviceName), driver \(runtime.driverVersion)", identity: runtime.tuningIdentity,
      cacheFolder: cacheFolder)
    state = DeviceState(runtime)
  }

  package var runtime: any DeviceRuntime { state.runtime }

  public var deviceName: String { runtime.deviceName }

  /// The most bytes that the backend may have on the device.
  public var budgetByteCount: Int { runtime.budgetByteCount }

  /// Bytes on the device now: packed constants, arenas, states, inputs and outputs of everything alive.
  public var deviceByteCount: Int { runtime.allocatedByteCount }

  /// How many buffers were made so far. A run makes none; a library it calls may make some of its own, uncounted.
  public var allocationCount: Int { runtime.allocationCount }

  /// How many programs were built so far, libraries' own among them. A run builds none.
  public var buildCount: Int { runtime.buildCount }

  /// Kernel objects alive now; zero once every session is gone.
  public var liveKernelCount: Int { runtime.liveKernelCount }

  public var planner: Planner { Planner(target: runtime.target, customKernels: customKernels) }

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
  /// - Throws: ``PlanError``, the runtime's errors, ``TypeError``; `CancellationError` if the task is cancelled, when the
  ///   program that is being built is done.
  public func compile(
    _ graph: Graph, constants: ConstantStore, options: PlanOptions?,
    progress: @escaping CompileProgress.Handler = { _ in }
  ) async throws -> DeviceExecutable {
    // Before the lock, which another thread may have held when this process was forked.
    try runtime.checkProcess()
    let key = CompileKey(graph: graph, store: ObjectIdentifier(constants), layouts: [:])
    if options == nil, let known = known(key, constants) { return known }
    var planning = options ?? PlanOptions()
    planning.numerics = planning.numerics ?? numerics
    let plan = try await plan(graph, constants: constants, options: planning)
    let cancellation = RunCancellation()
    let executable = try await withTaskCancellationHandler {
      try await onThread(of: .global(qos: .userInitiated)) { [state] in
        try DeviceExecutable(source: graph, plan: plan, constants: constants, state: state) { now in
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
    _ graph: Graph, constants: ConstantStore, layouts: [TensorPlace: TensorLayout] = [:],
    cancellation: RunCancellation? = nil, progress: CompileProgress.Handler = { _ in }
  ) throws -> DeviceExecutable {
    try runtime.checkProcess()
    let key = CompileKey(graph: graph, store: ObjectIdentifier(constants), layouts: layouts)
    if let known = known(key, constants) { return known }
    var planning = PlanOptions()
    planning.numerics = numerics
    planning.layouts = layouts
    let plan = try plan(graph, options: planning)
    return remember(
      try DeviceExecutable(source: graph, plan: plan, constants: constants, state: state) { now in
        try cancellation?.check()
        try progress(now)
      }, key, constants)
  }

  private func known(_ key: CompileKey, _ constants: ConstantStore) -> DeviceExecutable? {
    guard let entry = executables.withLock({ $0[key] }), entry.store === constants else { return nil }
    return entry.executable
  }

  private func remember(_ executable: DeviceExecutable, _ key: CompileKey, _ constants: ConstantStore)
    -> DeviceExecutable
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
