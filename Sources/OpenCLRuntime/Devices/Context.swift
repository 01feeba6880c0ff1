import COpenCL
import HeddleHost
import Synchronization

/// What objects of one device share. One context has one device, so that a lost device takes no other with it.
///
/// A context lives as long as any object made in it.
public final class Context: Sendable {
  nonisolated(unsafe) public let handle: cl_context
  public let device: Device
  let ledger: MemoryLedger
  /// Where the driver keeps what it compiles, if it has such a folder that needs care.
  let driverCache: DriverCache?
  let live = LiveObjects(partOf: .ofProcess)
  let builds = Atomic(0)
  private let loss = Mutex<OpenCLError?>(nil)

  private static let liveContexts = Atomic(0)

  /// - Parameter budgetBytes: The most bytes all buffers may have together. By default 80 % of the device's global
  ///   memory, rounded down: the driver, other processes and, on a CPU, the host itself need the rest. Where the
  ///   memory is the host's own, no more than the process's limits and its control group leave.
  /// - Throws: `unsupportedDevice` below OpenCL 1.2, `call` when the driver refuses.
  public convenience init(device: Device, budgetBytes: Int? = nil) throws(OpenCLError) {
    try ForkedChild.check()
    guard device.profile.openCLVersion >= (1, 2) else {
      throw .unsupportedDevice(
        device: device.identifier, reason: "it offers '\(device.profile.deviceVersion)', OpenCL 1.2 is needed")
    }
    try DriverCache(platformName: device.profile.platformName)?.check()
    let properties: [cl_context_properties] = [
      cl_context_properties(CL_CONTEXT_PLATFORM), cl_context_properties(Int(bitPattern: device.platform.handle)), 0,
    ]
    var handles: [cl_device_id?] = [device.handle]
    var status: cl_int = 0
    let created = clCreateContext(properties, 1, &handles, nil, nil, &status)
    try check(status, "clCreateContext", "device '\(device.identifier)'")
    guard let created else {
      throw .unexpectedAnswer(function: "clCreateContext", context: "no context for '\(device.identifier)'")
    }
    self.init(taking: created, device: device, budgetBytes: budgetBytes)
  }

  /// Works in a context that another part of the process made: its buffers and queues can be used without a copy. It is
  /// retained.
  ///
  /// The handle must be a live context: drivers cannot tell a stale one.
  ///
  /// - Parameters:
  ///   - device: the device to use of the context's; nil if it has only one.
  ///   - budgetBytes: the most bytes of buffers made through this object.
  /// - Throws: `foreignContext` if the device is not one of the context's, `ambiguousDevice` for nil where there are
  ///   several, `unknownDevice`, `unsupportedDevice` below OpenCL 1.2, `call`.
  public convenience init(
    adopting handle: cl_context, device: cl_device_id? = nil, budgetBytes: Int? = nil
  ) throws(OpenCLError) {
    let handles = try InfoQuery.sizes("clGetContextInfo", "the devices of an adopted context") {
      clGetContextInfo(handle, cl_context_info(CL_CONTEXT_DEVICES), $0, $1, $2)
    }
    let devices = try Device.all().filter { handles.contains(Int(bitPattern: $0.handle)) }
    let chosen: Device
    if let device {
      guard handles.contains(Int(bitPattern: device)) else { throw .foreignContext("the device") }
      guard let known = devices.first(where: { $0.handle == device }) else {
        throw .unknownDevice(query: "a cl_device_id", available: try Device.all().map(\.identifier))
      }
      chosen = known
    } else {
      guard let only = devices.first else {
        throw .unknownDevice(query: "the context's device", available: try Device.all().map(\.identifier))
      }
      guard handles.count == 1 else {
        throw .ambiguousDevice(query: "the context's device", matches: devices.map(\.identifier))
      }
      chosen = only
    }
    guard chosen.profile.openCLVersion >= (1, 2) else {
      throw .unsupportedDevice(
        device: chosen.identifier, reason: "it offers '\(chosen.profile.deviceVersion)', OpenCL 1.2 is needed")
    }
    try check(clRetainContext(handle), "clRetainContext", "an adopted context")
    self.init(taking: handle, device: chosen, budgetBytes: budgetBytes)
  }

  private init(taking handle: cl_context, device: Device, budgetBytes: Int?) {
    self.handle = handle
    self.device = device
    driverCache = DriverCache(platformName: device.profile.platformName)
    let memory = max(0, device.profile.globalMemoryBytes)
    let isHosts = device.profile.type == .cpu || device.profile.hostUnifiedMemory
    let budget = isHosts ? HostLimits.memoryBudget(deviceBytes: memory) : memory / 5 * 4
    ledger = MemoryLedger(budget: max(0, budgetBytes ?? budget))
    Self.liveContexts.increase()
    WorkerThreads.spread(self)
  }

  deinit {
    ForkedChild.release { clReleaseContext(handle) }
    Self.liveContexts.decrease()
  }

  // Memory

  /// The most bytes the context's buffers may have together.
  public var budgetBytes: Int { ledger.budget }
  /// The bytes of all live buffers. Sub-buffers, adopted buffers and host memory the device reads in place count
  /// nothing.
  public var allocatedBytes: Int { ledger.inUse }
  /// The most `allocatedBytes` has been.
  public var peakAllocatedBytes: Int { ledger.peak }
  /// How many buffers were ever allocated; only grows.
  public var allocationCount: Int { ledger.allocationCount }
  /// How many times the driver was asked to build a program, from source or from a binary; only grows.
  public var buildCount: Int { builds.now }

  // Live objects

  /// Contexts alive in this process.
  public static var liveCount: Int { liveContexts.now }
  /// Buffers alive, with sub-buffers, wrapped and adopted ones.
  public var liveBufferCount: Int { live.buffers.now }
  public var liveProgramCount: Int { live.programs.now }
  public var liveKernelCount: Int { live.kernels.now }
  public var liveQueueCount: Int { live.queues.now }
  public var liveEventCount: Int { live.events.now }

  // Loss

  /// Whether a command ended abnormally. OpenCL leaves all queues of such a context undefined, so nothing more is
  /// enqueued.
  public var isLost: Bool { loss.withLock { $0 != nil } }

  func checkAlive() throws(OpenCLError) {
    try ForkedChild.check()
    if let error = loss.withLock({ $0 }) { throw error }
  }

  /// Marks the context as lost and gives the error to throw.
  func lose(_ status: OpenCLStatus, during: String) -> OpenCLError {
    let error = OpenCLError.deviceLost(device: device.identifier, status: status, during: during)
    loss.withLock { $0 = $0 ?? error }
    return error
  }
}

extension Context: CustomStringConvertible {
  public var description: String { "context on \(device.identifier)" }
}
