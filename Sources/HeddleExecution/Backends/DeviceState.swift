import HeddlePlanning
import Synchronization

/// What all executables on one device share: the runtime, built programs and packed constants.
final class DeviceState: Sendable {
  let runtime: any DeviceRuntime
  private let programs = Mutex<[KernelReference: any DeviceProgram]>([:])
  /// Of tapes.
  private let linked = Mutex<[[Tape.Function]: any DeviceProgram]>([:])
  /// Functions of libraries that have built what they need here.
  private let prepared = Mutex<Set<PreparedFunction>>([])
  private let constants = Mutex<[ConstantKey: WeakMemory]>([:])
  /// One packing at a time: two compilations that want one constant pack it once.
  private let packing = Mutex<Void>(())

  private struct ConstantKey: Hashable {
    var store: ObjectIdentifier
    var constant: PackedConstant
  }

  /// Executables own packed constants; this only lets them be shared.
  private struct WeakMemory {
    weak var store: ConstantStore?
    weak var memory: (any DeviceMemory)?
  }

  /// A library builds once for all arguments of a function.
  private struct PreparedFunction: Hashable {
    var library: String
    var function: String
  }

  init(_ runtime: any DeviceRuntime) { self.runtime = runtime }

  /// The programs of these kernels, built if need be, one after the other: drivers compile under one lock (PoCL) or do
  /// not bear it (oclgrind).
  ///
  /// - Parameter progress: called before each with how many are there, with no lock held; what it throws ends the building.
  func build(
    _ kernels: [KernelReference], progress: (Int) throws -> Void = { _ in }
  ) throws -> [KernelReference: any DeviceProgram] {
    var wanted: [KernelReference: any DeviceProgram] = [:]
    for kernel in kernels where wanted[kernel] == nil {
      try progress(wanted.count)
      wanted[kernel] = try programs.withLock { known in
        let program =
          try known[kernel]
          ?? runtime.build(
            try KernelLibrary.text(of: kernel), options: KernelLibrary.options(of: kernel), name: kernel.variantName)
        known[kernel] = program
        return program
      }
    }
    return wanted
  }

  /// The program that walks tapes of these functions, built if need be.
  func link(_ functions: [Tape.Function]) throws -> any DeviceProgram {
    // One lock for all that is built.
    try programs.withLock { _ in
      if let known = linked.withLock({ $0[functions] }) { return known }
      let program = try runtime.link(try KernelLibrary.parts(of: functions), name: "tape of \(functions.count) kernels")
      linked.withLock { $0[functions] = program }
      return program
    }
  }

  /// Makes libraries build what they need for these calls, in turn with all other work of the driver.
  ///
  /// - Parameter progress: as of ``build(_:progress:)``.
  func prepare(_ calls: [LibraryCall], progress: (Int) throws -> Void = { _ in }) throws {
    for (index, call) in calls.enumerated() {
      try progress(index)
      let function = PreparedFunction(library: call.library, function: call.function)
      if prepared.withLock({ $0.contains(function) }) { continue }
      // The turn before the lock: a callback of a step, which has the turn, may build.
      try runtime.takeTurn {}
      defer { runtime.endTurn() }
      try programs.withLock { _ in
        if prepared.withLock({ $0.contains(function) }) { return }
        try runtime.prepare(call)
        prepared.withLock { _ = $0.insert(function) }
      }
    }
  }

  /// The constant in the wanted layout: the shared copy if one is alive, else a new one.
  func packed(_ constant: PackedConstant, from store: ConstantStore) throws -> any DeviceMemory {
    // What a weak reference gives may be the last one: it goes outside the locks, since its owner may call anything.
    var alive: [(ConstantStore?, (any DeviceMemory)?)] = []
    defer { withExtendedLifetime(alive) {} }
    try runtime.requireNoTurn()
    return try packing.withLock { _ in
      let key = ConstantKey(store: ObjectIdentifier(store), constant: constant)
      let known = constants.withLock { entries -> (any DeviceMemory)? in
        guard let entry = entries[key], entry.store === store else { return nil }
        return entry.memory
      }
      if let known { return known }
      let memory = try ConstantPacking(state: self, store: store).pack(constant)
      alive = constants.withLock { entries in
        entries[key] = WeakMemory(store: store, memory: memory)
        // Those that are gone leave whenever the number of entries is a power of two: few sweeps, and few that linger.
        guard entries.count.nonzeroBitCount == 1 else { return [] }
        let alive = entries.mapValues { ($0.store, $0.memory) }
        entries = entries.filter { alive[$0.key]?.0 != nil && alive[$0.key]?.1 != nil }
        return Array(alive.values)
      }
      return memory
    }
  }
}
