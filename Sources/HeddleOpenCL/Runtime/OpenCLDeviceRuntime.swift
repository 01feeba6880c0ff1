import HeddleExecution
import OpenCLRuntime
import Synchronization

/// One OpenCL device for executing: a context, and what of it the executor sees.
final class OpenCLDeviceRuntime: DeviceRuntime {
  let context: Context
  let target: TargetProfile
  private let cache: ProgramCache?
  private let turn: DriverTurn
  /// How many functions of libraries have built their programs here, and what keeps those.
  private let libraries = Mutex<(builds: Int, clBlast: CLBlast.Use?)>((0, nil))

  init(context: Context, cache: ProgramCache?) {
    self.context = context
    self.cache = cache
    target = TargetProfile(device: context.device)
    turn = DriverTurn(device: context.device)
  }

  private var profile: DeviceProfile { context.device.profile }

  var deviceName: String { context.device.identifier }
  var driverVersion: String { profile.driverVersion }
  var tuningIdentity: [String] { context.device.tuningIdentity }

  var hostMemory: HostMemoryTraits {
    HostMemoryTraits(
      isShared: profile.hostUnifiedMemory, alignment: profile.memBaseAddressAlignmentBytes,
      largestByteCount: profile.maxAllocationBytes)
  }

  var budgetByteCount: Int { context.budgetBytes }
  var allocatedByteCount: Int { context.allocatedBytes }
  var allocationCount: Int { context.allocationCount }
  var buildCount: Int { context.buildCount &+ libraries.withLock { $0.builds } }
  var liveKernelCount: Int { context.liveKernelCount }

  func checkProcess() throws { try ForkedChild.check() }

  func allocate(_ byteCount: Int, access: KernelAccess) throws -> any DeviceMemory {
    try Buffer(context: context, byteCount: byteCount, access: Buffer.Access(access))
  }

  func wrap(
    _ bytes: UnsafeMutableRawBufferPointer, access: KernelAccess, alignment: Int
  ) throws -> any DeviceMemory {
    try Buffer.wrapping(
      bytes, owner: nil, context: context, access: Buffer.Access(access), alignment: alignment)
  }

  func checkOwn(_ memory: any DeviceMemory) throws {
    guard let buffer = memory as? Buffer, buffer.context === context else {
      throw OpenCLError.foreignContext("a bound buffer must be of the backend's own context")
    }
  }

  func makeQueue(isTimed: Bool) throws -> any DeviceQueue { try CommandQueue(context: context, profiling: isTimed) }

  func build(_ text: String, options: [String], name: String) throws -> any DeviceProgram {
    try Program(context: context, source: text, options: options, cache: cache, name: name)
  }

  func link(_ parts: [ProgramPart], name: String) throws -> any DeviceProgram {
    try Program(
      context: context, parts: parts.map { Program.Part(source: $0.text, options: $0.options) }, cache: cache,
      name: name)
  }

  // Libraries

  func version(of library: String) -> String? { library == CLBlast.name ? CLBlast.version : nil }

  func prepare(_ call: LibraryCall) throws {
    libraries.withLock { $0.clBlast = $0.clBlast ?? CLBlast.Use() }
    try CLBlast.prepare(call, context)
    libraries.withLock { $0.builds &+= 1 }
  }

  func makeCall(_ call: LibraryCall) throws -> any DeviceCall { try CLBlastProduct(call) }

  // Turns

  func requireNoTurn() throws { try turn.requireNone() }
  func takeTurn(_ check: () throws -> Void) throws { try turn.take(check) }
  func endTurn() { turn.end() }

  func endTurn(after queue: any DeviceQueue) {
    guard let queue = queue as? CommandQueue else { return turn.end() }
    turn.end(after: queue)
  }
}
