/// What can go wrong between a program and an OpenCL device. Every case holds the values that reproduce it.
public enum OpenCLError: Error, Hashable, Sendable {
  // Devices
  /// No OpenCL driver is installed, or none could be loaded.
  case noPlatform
  /// Drivers are installed and none could be loaded; one line for each, with the system's reason.
  case driversNotLoaded([String])
  /// Drivers are installed but offer no usable device; one line for each platform.
  case noDevice(platforms: [String])
  /// No device answers to the query. `available` holds the identifiers of all devices.
  case unknownDevice(query: String, available: [String])
  /// Several different devices answer to the query.
  case ambiguousDevice(query: String, matches: [String])
  /// The device cannot run this library at all.
  case unsupportedDevice(device: String, reason: String)
  /// A command on the device ended abnormally: its context and all queues in it are lost.
  case deviceLost(device: String, status: OpenCLStatus, during: String)

  // The process
  /// A folder that a driver needs for itself cannot serve it.
  case driverFolder(DriverFolderFailure)
  /// A limit of this process leaves a driver too little to start. `cure` is a shell's words.
  case processLimit(name: String, allowed: Int, needed: Int, unit: String, cure: String)
  /// This process was forked from one that had used OpenCL, and no driver works in such a child.
  case forkedProcess

  // Driver calls
  /// A call returned an error. `context` says for what it was made.
  case call(function: String, status: OpenCLStatus, context: String)
  /// A call succeeded with an answer that cannot be right.
  case unexpectedAnswer(function: String, context: String)

  // Programs and kernels
  /// A program did not build.
  case build(BuildFailure)
  /// A text handed to the driver holds a NUL character, which would cut it short.
  case invalidText(String)
  case unknownKernel(name: String, program: String, available: [String])
  case argument(kernel: String, index: Int, expected: String, got: String)
  case argumentCount(kernel: String, expected: Int, got: Int)
  case argumentNotSet(kernel: String, index: Int, name: String)
  /// The kernel's own local memory and its local arguments exceed the device's, in bytes.
  case localMemory(kernel: String, requested: Int, limit: Int)
  /// The work sizes of a launch break a rule of OpenCL or a limit of the device.
  case workSize(kernel: String, global: [Int], local: [Int]?, reason: String)

  // Memory: all figures in bytes
  /// A buffer of no bytes. OpenCL has none; a caller skips the work instead.
  case emptyBuffer
  case bufferSize(requested: Int, limit: Int)
  case budgetExceeded(requested: Int, inUse: Int, budget: Int)
  /// A transfer reaches outside its buffer.
  case bufferRange(offset: Int, byteCount: Int, bufferBytes: Int)
  case subBufferRange(offset: Int, byteCount: Int, bufferBytes: Int)
  /// An address or an offset is not a multiple of `alignment`.
  case misaligned(what: String, value: Int, alignment: Int)
  /// The source and the target of a copy share bytes.
  case copyOverlap(source: Int, target: Int, byteCount: Int)
  /// The pattern of a fill is not 1, 2, 4 … 128 bytes, or does not divide the range.
  case fillPattern(patternBytes: Int, offset: Int, byteCount: Int)
  /// Two objects that must share a context do not.
  case foreignContext(String)
}

/// Turns a driver's status into a thrown error.
@inline(__always)
func check(
  _ status: Int32, _ function: StaticString, _ context: @autoclosure () -> String
) throws(OpenCLError) {
  if status != 0 {
    throw .call(function: "\(function)", status: OpenCLStatus(rawValue: status), context: context())
  }
}
