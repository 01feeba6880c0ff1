import COpenCL
import Synchronization

/// What objects of one device share. One context has one device, so that a lost device takes no other with it.
///
/// A context lives as long as any object made in it.
public final class Context: Sendable {
  nonisolated(unsafe) public let handle: cl_context
  public let device: Device
  let ledger: MemoryLedger
  let live = LiveObjects()
  let builds = Atomic(0)
  private let loss = Mutex<OpenCLError?>(nil)

  private static let liveContexts = Atomic(0)

  /// - Parameter budgetBytes: The most bytes all buffers may have together. By default 80 % of the device's global
  ///   memory, rounded down: the driver, other processes and, on a CPU, the host itself need the rest.
  /// - Throws: `unsupportedDevice` below OpenCL 1.2, `call` when the driver refuses.
  public init(device: Device, budgetBytes: Int? = nil) throws(OpenCLError) {
    guard device.profile.openCLVersion >= (1, 2) else {
      throw .unsupportedDevice(
        device: device.identifier, reason: "it offers '\(device.profile.deviceVersion)', OpenCL 1.2 is needed")
    }
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
    handle = created
    self.device = device
    let memory = max(0, device.profile.globalMemoryBytes)
    ledger = MemoryLedger(budget: max(0, budgetBytes ?? (memory / 5 * 4)))
    Self.liveContexts.increase()
  }

  deinit {
    clReleaseContext(handle)
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
