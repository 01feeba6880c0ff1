import HeddlePlanning
import OpenCLRuntime
import Synchronization

/// What all executables on one device share: the context, built programs and packed constants.
final class DeviceState: Sendable {
  let device: Device
  let context: Context
  let target: TargetProfile
  let turn: DriverTurn
  private let cache: ProgramCache?
  private let programs = Mutex<[KernelReference: Program]>([:])
  /// Functions of CLBlast that have built their programs here.
  private let prepared = Mutex<(functions: Set<String>, use: CLBlast.Use?)>(([], nil))
  private let constants = Mutex<[ConstantKey: WeakBuffer]>([:])
  /// One packing at a time: two compilations that want one constant pack it once.
  private let packing = Mutex<Void>(())

  private struct ConstantKey: Hashable {
    var store: ObjectIdentifier
    var constant: PackedConstant
  }

  /// Executables own packed constants; this only lets them be shared.
  private struct WeakBuffer {
    weak var store: ConstantStore?
    weak var buffer: Buffer?
  }

  init(device: Device, context: Context, cache: ProgramCache?) {
    self.device = device
    self.context = context
    self.cache = cache
    turn = DriverTurn(device: device)
    target = TargetProfile(device: device)
  }

  /// The programs of these kernels, built if need be, one after the other: drivers compile under one lock (PoCL) or do
  /// not bear it (oclgrind).
  ///
  /// - Parameter progress: called before each with how many are there, with no lock held; what it throws ends the building.
  func build(
    _ kernels: [KernelReference], progress: (Int) throws -> Void = { _ in }
  ) throws -> [KernelReference: Program] {
    var wanted: [KernelReference: Program] = [:]
    for kernel in kernels where wanted[kernel] == nil {
      try progress(wanted.count)
      wanted[kernel] = try programs.withLock { known in
        let program =
          try known[kernel]
          ?? Program(
            context: context, source: try KernelLibrary.text(of: kernel), options: KernelLibrary.options(of: kernel),
            cache: cache, name: kernel.variantName)
        known[kernel] = program
        return program
      }
    }
    return wanted
  }

  /// Makes libraries build their programs for these calls, in turn with all other work of the driver.
  ///
  /// - Parameter progress: as of ``build(_:progress:)``.
  func prepare(_ calls: [KernelReference], progress: (Int) throws -> Void = { _ in }) throws {
    for (index, call) in calls.enumerated() {
      try progress(index)
      if prepared.withLock({ $0.functions.contains(call.entry) }) { continue }
      // The turn before the lock: a callback of a step, which has the turn, may build.
      try turn.take()
      defer { turn.end() }
      try programs.withLock { _ in
        if prepared.withLock({ $0.functions.contains(call.entry) }) { return }
        prepared.withLock { $0.use = $0.use ?? CLBlast.Use() }
        try CLBlast.prepare(call, context)
        prepared.withLock { _ = $0.functions.insert(call.entry) }
      }
    }
  }

  /// How many programs libraries have built.
  var libraryBuildCount: Int { prepared.withLock { $0.functions.count } }

  /// The constant in the wanted layout: the shared copy if one is alive, else a new one.
  func packed(_ constant: PackedConstant, from store: ConstantStore) throws -> Buffer {
    // What a weak reference gives may be the last one: it goes outside the locks, since its owner may call anything.
    var alive: [(ConstantStore?, Buffer?)] = []
    defer { withExtendedLifetime(alive) {} }
    try turn.requireNone()
    return try packing.withLock { _ in
      let key = ConstantKey(store: ObjectIdentifier(store), constant: constant)
      let known = constants.withLock { entries -> Buffer? in
        guard let entry = entries[key], entry.store === store else { return nil }
        return entry.buffer
      }
      if let known { return known }
      let buffer = try ConstantPacking(state: self, store: store).pack(constant)
      alive = constants.withLock { entries in
        let alive = entries.mapValues { ($0.store, $0.buffer) }
        entries = entries.filter { alive[$0.key]?.0 != nil && alive[$0.key]?.1 != nil }
        entries[key] = WeakBuffer(store: store, buffer: buffer)
        return Array(alive.values)
      }
      return buffer
    }
  }
}
