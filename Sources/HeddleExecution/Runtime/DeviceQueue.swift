/// Runs commands one after the other.
package protocol DeviceQueue: AnyObject, Sendable {
  /// Whether its events know their times.
  var isTimed: Bool { get }

  /// Copies the host's bytes to memory.
  ///
  /// - Parameter waits: whether to return only when `bytes` may be reused; if not, they stay valid until the command is over.
  func write(_ bytes: UnsafeRawBufferPointer, to memory: any DeviceMemory, offset: Int, waits: Bool) throws

  /// Copies bytes of memory to the host's.
  ///
  /// - Parameter waits: whether to return only when the bytes are there.
  func read(from memory: any DeviceMemory, offset: Int, into bytes: UnsafeMutableRawBufferPointer, waits: Bool) throws

  /// Sets bytes to zero.
  func zero(_ memory: any DeviceMemory, offset: Int, byteCount: Int) throws

  /// Gives wrapped memory to the host when all commands before are over; until then the pointer is not to be used.
  func map(_ memory: any DeviceMemory, access: KernelAccess) throws -> UnsafeMutableRawPointer

  /// Gives mapped memory back to the device, for the commands that follow.
  func unmap(_ memory: any DeviceMemory, _ address: UnsafeMutableRawPointer) throws

  /// Launches a kernel with the arguments it has now.
  ///
  /// - Parameters:
  ///   - global: work-items, each extent 1 or more, a multiple of `local`'s.
  ///   - event: whether to make an event: without one a launch is cheaper.
  func launch(
    _ kernel: any DeviceKernel, global: [Int], local: [Int], event: Bool
  ) throws -> (any DeviceEvent)?

  /// An event that is complete when all commands before are.
  func makeMarker() throws -> any DeviceEvent

  /// Hands the commands to the device; does not wait.
  func flush() throws

  /// Blocks the thread until all commands are over.
  func finish() throws
}

extension DeviceQueue {
  /// Copies the first bytes of memory to the host's.
  package func read(from memory: any DeviceMemory, into bytes: UnsafeMutableRawBufferPointer, waits: Bool) throws {
    try read(from: memory, offset: 0, into: bytes, waits: waits)
  }
}

/// The progress of a command.
package protocol DeviceEvent: AnyObject, Sendable {
  /// Blocks the thread until the command is over.
  func wait() throws

  /// Blocks the thread until the command is over or the time is.
  ///
  /// - Returns: Whether the command is over.
  func wait(timeout: Duration) throws -> Bool

  /// Nanoseconds of the device's own clock. The queue must be timed and the command over.
  var times: (started: Int, ended: Int) { get throws }
}

/// A built program.
package protocol DeviceProgram: AnyObject, Sendable {
  /// A new kernel of an entry point, with no argument set.
  func makeKernel(_ entry: String) throws -> any DeviceKernel
}

/// An entry point with arguments of its own: for one thread at a time.
package protocol DeviceKernel: AnyObject, Sendable {
  func set(_ index: Int, to memory: any DeviceMemory) throws
  func set(_ index: Int, to value: Int32) throws
  /// Lets go of the memory of all arguments; each must be set again before a launch.
  func clear()
}

/// A library's function, ready to be called.
package protocol DeviceCall: Sendable {
  /// Enqueues the library's commands.
  ///
  /// - Parameters:
  ///   - block: the values of the call's parameters, in their order.
  ///   - event: whether to make an event, of the last command.
  /// - Returns: The event; nil also if there was nothing to do.
  func enqueue(
    _ memories: [any DeviceMemory], _ block: UnsafeBufferPointer<Int64>, on queue: any DeviceQueue,
    event: Bool
  ) throws -> (any DeviceEvent)?
}
