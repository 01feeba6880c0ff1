import COpenCL
import HeddleHost

/// A program built for one device.
///
/// Each program builds its own copy: two programs of the same source share nothing but a cache, if they are given one.
public final class Program: Sendable {
  nonisolated(unsafe) public let handle: cl_program
  public let context: Context
  /// For messages.
  public let name: String
  /// With the option the library adds to learn the kernels' parameters.
  public let options: [String]
  /// Sorted.
  public let kernelNames: [String]
  /// Whether the binary came from the cache.
  public let isFromCache: Bool
  /// Parameters saved beside a cached binary: a driver may forget them.
  private let described: [String: [KernelArgument]]

  /// A text that is compiled by itself.
  public struct Part: Hashable, Sendable {
    public var source: String
    /// Such as `-D TILE=8`.
    public var options: [String]

    public init(source: String, options: [String] = []) {
      self.source = source
      self.options = options
    }
  }

  /// Builds a program from one text, which may hold `#line` directives.
  ///
  /// - Parameters:
  ///   - options: Such as `-D TILE=8`. `-cl-kernel-arg-info` is added.
  ///   - cache: Where to look for the built program first, and to put it. What goes wrong with it is never an error.
  ///   - name: For messages.
  /// - Throws: `build` with the numbered source and the compiler's log; `invalidText`; `deviceLost`; `call`.
  public convenience init(
    context: Context, source: String, options: [String] = [], cache: ProgramCache? = nil, name: String
  ) throws(OpenCLError) {
    try self.init(context: context, parts: [Part(source: source, options: options)], cache: cache, name: name)
  }

  /// Builds a program from texts that are compiled apart and linked: functions that are not static are called by name from
  /// other parts.
  ///
  /// - Parameters: as of ``init(context:source:options:cache:name:)``.
  /// - Throws: what that throws; `build` with the source of the part that does not compile, or the log of linking.
  public init(context: Context, parts: [Part], cache: ProgramCache? = nil, name: String) throws(OpenCLError) {
    try context.checkAlive()
    var parts = parts
    for index in parts.indices {
      parts.update(at: index) { part in
        if !part.options.contains("-cl-kernel-arg-info") { part.options.append("-cl-kernel-arg-info") }
      }
    }
    let builder = ProgramBuilder(context: context, parts: parts, name: name)
    let built = try builder.build(cache: cache, in: context.driverCache)
    handle = built.handle
    kernelNames = built.kernelNames
    described = built.described
    isFromCache = built.isFromCache
    self.context = context
    self.name = name
    options = builder.options
    context.live.programs.increase()
  }

  deinit {
    ForkedChild.release { clReleaseProgram(handle) }
    context.live.programs.decrease()
  }

  /// A new kernel object for the entry point of that name, with no argument set.
  ///
  /// - Throws: `unknownKernel`, `call`.
  public func kernel(_ name: String) throws(OpenCLError) -> Kernel {
    let unknown = OpenCLError.unknownKernel(name: name, program: self.name, available: kernelNames)
    guard kernelNames.isEmpty || kernelNames.contains(name), !name.utf8.contains(0) else { throw unknown }
    var status: cl_int = 0
    let created = clCreateKernel(handle, name, &status)
    if status == OpenCLStatus.invalidKernelName.rawValue { throw unknown }
    try check(status, "clCreateKernel", "kernel '\(name)' of '\(self.name)'")
    guard let created else { throw .unexpectedAnswer(function: "clCreateKernel", context: "no kernel '\(name)'") }
    return try Kernel(taking: created, name: name, program: self, described: described[name])
  }
}

extension Program: CustomStringConvertible {
  public var description: String { "program '\(name)' on \(context.device.identifier)" }
}
