@_exported import HeddlePlanning

/// One device and what it is driven by, as executing needs it.
///
/// A runtime is the room of everything that only one driver has: OpenCL's in `HeddleOpenCL`, one that counts in the tests.
/// Objects of one runtime are of no use to another; given one it throws. Errors are the runtime's own type, and everything
/// may be called from any thread unless it says otherwise.
package protocol DeviceRuntime: AnyObject, Sendable {
  /// What a user selects the device by.
  var deviceName: String { get }
  /// The driver's version, for people.
  var driverVersion: String { get }
  /// All that measured times depend on, beside the kernels.
  var tuningIdentity: [String] { get }
  /// What planning may use.
  var target: TargetProfile { get }
  /// How the device and the host see each other's memory.
  var hostMemory: HostMemoryTraits { get }

  /// The most bytes that memory made here may have together, and how many it has now.
  var budgetByteCount: Int { get }
  var allocatedByteCount: Int { get }
  /// How often memory was made, and programs were built, libraries' own among them; both only grow.
  var allocationCount: Int { get }
  var buildCount: Int { get }
  /// Kernel objects alive.
  var liveKernelCount: Int { get }

  /// - Throws: if the runtime cannot be used in this process, such as a forked one.
  func checkProcess() throws

  /// Memory of so many bytes, 1 or more, with unspecified contents; accounted against the budget before a driver is asked.
  func allocate(_ byteCount: Int, access: KernelAccess) throws -> any DeviceMemory

  /// Memory over the host's own, which must stay valid until the result is gone. Only where
  /// ``HostMemoryTraits/isShared``.
  func wrap(
    _ bytes: UnsafeMutableRawBufferPointer, access: KernelAccess, alignment: Int
  ) throws -> any DeviceMemory

  /// - Throws: if the memory is another runtime's, or another context's of this one.
  func checkOwn(_ memory: any DeviceMemory) throws

  func makeQueue(isTimed: Bool) throws -> any DeviceQueue

  /// Builds a program from one text; callers call one after the other.
  func build(_ text: String, options: [String], name: String) throws -> any DeviceProgram

  /// Builds a program from parts that call each other; callers call one after the other. Only where the target has the
  /// feature ``TargetProfile/residentGroups``.
  func link(_ parts: [ProgramPart], name: String) throws -> any DeviceProgram

  /// What a library's kernels depend on, such as its version; nil if this runtime does not have the library.
  func version(of library: String) -> String?

  /// Makes a library build what it needs for a function, once; callers call one after the other, and have the turn.
  func prepare(_ call: LibraryCall) throws

  /// A call that a session makes.
  func makeCall(_ call: LibraryCall) throws -> any DeviceCall

  // Turns: for drivers that must not run kernels of two queues at once. Others keep what stands below.

  /// To be called before a lock is taken under which the turn is waited for: another thread may hold the lock and wait for
  /// this thread's turn.
  ///
  /// - Throws: ``ExecutionError/driverBusy`` if this thread has the turn.
  func requireNoTurn() throws

  /// Waits for the turn, and calls `check` meanwhile: what it throws ends the wait.
  ///
  /// - Throws: ``ExecutionError/driverBusy`` if this thread has the turn: it would wait for itself.
  func takeTurn(_ check: () throws -> Void) throws

  /// Gives the turn up. Every launch must be over.
  func endTurn()

  /// Gives the turn up when everything the queue was given so far is over.
  func endTurn(after queue: any DeviceQueue)
}

extension DeviceRuntime {
  package func requireNoTurn() throws {}
  package func takeTurn(_ check: () throws -> Void) throws {}
  package func endTurn() {}
  package func endTurn(after queue: any DeviceQueue) {}
}

/// How a device and its host see each other's memory.
package struct HostMemoryTraits: Hashable, Sendable {
  /// Whether kernels can work on the host's memory in place.
  package var isShared: Bool
  /// What an address must be a multiple of that any kernel may work on.
  package var alignment: Int
  /// Bytes of one piece of memory, at most.
  package var largestByteCount: Int

  package init(isShared: Bool, alignment: Int, largestByteCount: Int) {
    self.isShared = isShared
    self.alignment = alignment
    self.largestByteCount = largestByteCount
  }
}
