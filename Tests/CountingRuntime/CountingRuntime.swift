import Dispatch
import HeddleExecution
import HeddleTypes
import Synchronization

/// A device that is none: memory is the host's, kernels do nothing, every call is counted, and one of them may be told to
/// fail. Events can be kept from completing, so that deadlines and cancellations need neither a driver nor luck.
package final class CountingRuntime: DeviceRuntime {
  package let target: TargetProfile
  package let hostMemory: HostMemoryTraits
  package let budgetByteCount: Int
  package let counts: Counts
  /// Keeps events from completing while it is closed.
  package let gate = Gate()
  private let turn = Mutex(false)
  /// Kernels' programs and library functions built.
  private let builds = Mutex(0)

  /// - Parameters:
  ///   - failingCall: the number of the call that fails, counted from 1; nil: none does.
  package init(
    target: TargetProfile = CountingRuntime.target, sharesHostMemory: Bool = true, budgetByteCount: Int = .max,
    largestByteCount: Int = 1 << 40, failingCall: Int? = nil
  ) {
    self.target = target
    self.budgetByteCount = budgetByteCount
    hostMemory = HostMemoryTraits(isShared: sharesHostMemory, alignment: 64, largestByteCount: largestByteCount)
    counts = Counts(failingCall: failingCall)
  }

  package static let target = TargetProfile(
    preferredShapes: [.simt], maximumWorkGroupSize: 256, localMemoryByteCount: 32 << 10, computeUnits: 1)

  package var deviceName: String { "counting" }
  package var driverVersion: String { "1" }
  package var tuningIdentity: [String] { ["counting"] }
  package var allocatedByteCount: Int { counts.byteCount }
  package var allocationCount: Int { counts.calls(.allocate) }
  package var buildCount: Int { builds.withLock { $0 } }
  package var liveKernelCount: Int { counts.live(.kernel) }
  /// Whether somebody has the turn.
  package var isTurnTaken: Bool { turn.withLock { $0 } }

  package func checkProcess() throws { try counts.enter(.checkProcess) }

  package func allocate(_ byteCount: Int, access: KernelAccess) throws -> any DeviceMemory {
    try counts.enter(.allocate)
    guard byteCount <= hostMemory.largestByteCount else { throw CountingError.range }
    try counts.reserve(byteCount, of: budgetByteCount)
    return CountingMemory(
      .allocate(byteCount: byteCount, alignment: 64), access: access, counts: counts, isWrapped: false)
  }

  package func wrap(
    _ bytes: UnsafeMutableRawBufferPointer, access: KernelAccess, alignment: Int
  ) throws -> any DeviceMemory {
    try counts.enter(.wrap)
    return CountingMemory(bytes, access: access, counts: counts, isWrapped: true)
  }

  package func checkOwn(_ memory: any DeviceMemory) throws {
    try counts.enter(.checkOwn)
    _ = try counts.own(memory)
  }

  package func makeQueue(isTimed: Bool) throws -> any DeviceQueue {
    try counts.enter(.makeQueue)
    return CountingQueue(counts: counts, gate: gate, isTimed: isTimed)
  }

  package func build(_ text: String, options: [String], name: String) throws -> any DeviceProgram {
    try counts.enter(.build)
    builds.withLock { $0 += 1 }
    return CountingProgram(counts: counts)
  }

  package func link(_ parts: [ProgramPart], name: String) throws -> any DeviceProgram {
    try counts.enter(.build)
    builds.withLock { $0 += 1 }
    return CountingProgram(counts: counts)
  }

  package func version(of library: String) -> String? {
    target.features.contains(library) ? "1" : nil
  }

  package func prepare(_ call: LibraryCall) throws {
    try counts.enter(.prepare)
    builds.withLock { $0 += 1 }
  }

  package func makeCall(_ call: LibraryCall) throws -> any DeviceCall {
    try counts.enter(.makeCall)
    return CountingCall(counts: counts)
  }

  // A turn for real: whoever does not give it up is found out by the next one.

  package func requireNoTurn() throws { try counts.enter(.requireNoTurn) }

  package func takeTurn(_ check: () throws -> Void) throws {
    try counts.enter(.takeTurn)
    while !turn.withLock({ isTaken in
      defer { isTaken = true }
      return !isTaken
    }) {
      try check()
      gate.pause()
    }
  }

  package func endTurn() { turn.withLock { $0 = false } }

  package func endTurn(after queue: any DeviceQueue) {
    gate.whenOpen { [self] in endTurn() }
  }
}
