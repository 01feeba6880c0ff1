import COpenCL
import HeddleHost

/// Turns a program's texts into a built `cl_program`: from the cache's binary if there is one, or else from source.
struct ProgramBuilder {
  struct Built {
    var handle: cl_program
    var kernelNames: [String]
    var described: [String: [KernelArgument]]
    var isFromCache: Bool
  }

  let context: Context
  /// One is built; more are compiled and linked.
  let parts: [Program.Part]
  let name: String

  /// Of building: those of the last part, which has the kernels.
  var options: [String] { parts.last?.options ?? [] }

  /// A larger binary is a driver's mistake.
  private static let largestBinary = 1 << 30

  func build(cache: ProgramCache?, in driverCache: DriverCache?) throws(OpenCLError) -> Built {
    for part in parts {
      if part.source.utf8.contains(0) { throw .invalidText("the source of program '\(name)'") }
      if part.options.contains(where: { $0.utf8.contains(0) }) { throw .invalidText("an option of program '\(name)'") }
    }
    // Nothing to look up and nobody to wait for.
    if cache == nil, driverCache == nil { return try built() }
    let key = ProgramCache.Key(parts: parts, device: context.device)
    guard let driverCache else { return try build(key, cache) }
    try driverCache.check()
    return try driverCache.withLock(program: key.hexadecimal) { () throws(OpenCLError) in try build(key, cache) }
  }

  private func build(_ key: ProgramCache.Key, _ cache: ProgramCache?) throws(OpenCLError) -> Built {
    guard let cache else { return try built() }
    if let entry = cache.load(key) {
      if let handle = fromBinary(entry.binary) {
        cache.countHit()
        let names = entry.kernels.keys.sorted()
        return Built(handle: handle, kernelNames: names, described: entry.kernels, isFromCache: true)
      }
      cache.countRejected()
    }
    let handle = try fromSource()
    let names = kernelNames(of: handle)
    if let binary = binary(of: handle), let kernels = describe(names, of: handle) {
      cache.store(ProgramCacheEntry(key: key.digest, kernels: kernels, binary: binary))
    }
    return Built(handle: handle, kernelNames: names, described: [:], isFromCache: false)
  }

  /// Built from source, and kept nowhere.
  private func built() throws(OpenCLError) -> Built {
    let handle = try fromSource()
    return Built(handle: handle, kernelNames: kernelNames(of: handle), described: [:], isFromCache: false)
  }

  /// Builds from source. A failure without a log is tried once more: drivers that share a cache between processes can
  /// stumble over each other.
  private func fromSource() throws(OpenCLError) -> cl_program {
    do throws(OpenCLError) {
      return try fromSourceOnce()
    } catch {
      guard case .build(let failure) = error, failure.log.isEmpty else { throw error }
    }
    return try fromSourceOnce()
  }

  private func fromSourceOnce() throws(OpenCLError) -> cl_program {
    if parts.count > 1 { return try linked() }
    let source = parts.first?.source ?? ""
    let created = try created(source)
    let result = build(created)
    if result == 0 { return created }
    throw failure(source, options, of: created, result)
  }

  private func created(_ source: String) throws(OpenCLError) -> cl_program {
    var status: cl_int = 0
    let created = source.withCString { text in
      var text: UnsafePointer<CChar>? = text
      return clCreateProgramWithSource(context.handle, 1, &text, nil, &status)
    }
    try check(status, "clCreateProgramWithSource", "program '\(name)'")
    guard let created else {
      throw .unexpectedAnswer(function: "clCreateProgramWithSource", context: "no program '\(name)'")
    }
    return created
  }

  /// What went wrong, with the log of a program, which is let go.
  private func failure(
    _ source: String, _ options: [String], of program: cl_program, _ status: cl_int
  ) -> OpenCLError {
    let log = buildLog(program)
    clReleaseProgram(program)
    return .build(
      BuildFailure(
        program: name, device: "\(context.device.identifier), driver \(context.device.profile.driverVersion)",
        options: options, source: source, log: log, status: OpenCLStatus(rawValue: status)))
  }

  /// All parts compiled, and linked.
  private func linked() throws(OpenCLError) -> cl_program {
    context.builds.increase()
    var devices: [cl_device_id?] = [context.device.handle]
    var compiled: [cl_program?] = []
    defer { for case let part? in compiled { clReleaseProgram(part) } }
    for part in parts {
      let made = try created(part.source)
      let result = clCompileProgram(
        made, 1, &devices, part.options.joined(separator: " "), 0, nil, nil, nil, nil)
      if result != 0 { throw failure(part.source, part.options, of: made, result) }
      compiled.append(made)
    }
    var status: cl_int = 0
    let linked = clLinkProgram(
      context.handle, 1, &devices, "", cl_uint(clamping: compiled.count), &compiled, nil, nil, &status)
    guard let linked else {
      try check(status, "clLinkProgram", "program '\(name)'")
      throw .unexpectedAnswer(function: "clLinkProgram", context: "no program '\(name)'")
    }
    if status == 0 { return linked }
    throw failure("", [], of: linked, status)
  }

  /// `nil` when the driver takes not this binary. It must have been verified: drivers abort on damaged ones.
  private func fromBinary(_ binary: [UInt8]) -> cl_program? {
    var devices: [cl_device_id?] = [context.device.handle]
    var sizes = [binary.count]
    var status: cl_int = 0
    let created = binary.withUnsafeBufferPointer { bytes in
      var pointer = bytes.baseAddress
      return clCreateProgramWithBinary(context.handle, 1, &devices, &sizes, &pointer, nil, &status)
    }
    guard let created else { return nil }
    if status == 0, build(created) == 0 { return created }
    clReleaseProgram(created)
    return nil
  }

  private func build(_ program: cl_program) -> cl_int {
    context.builds.increase()
    var devices: [cl_device_id?] = [context.device.handle]
    return clBuildProgram(program, 1, &devices, options.joined(separator: " "), nil, nil)
  }

  private func buildLog(_ program: cl_program) -> String {
    let log = try? InfoQuery.string("clGetProgramBuildInfo", "program '\(name)'") {
      clGetProgramBuildInfo(program, context.device.handle, cl_uint(CL_PROGRAM_BUILD_LOG), $0, $1, $2)
    }
    return log ?? ""
  }

  private func kernelNames(of program: cl_program) -> [String] {
    let names = try? InfoQuery.string("clGetProgramInfo", "program '\(name)'") {
      clGetProgramInfo(program, cl_uint(CL_PROGRAM_KERNEL_NAMES), $0, $1, $2)
    }
    return (names ?? "").split(separator: ";").map(String.init).sorted()
  }

  /// `nil` when the driver has no binary to give.
  private func binary(of program: cl_program) -> [UInt8]? {
    let sizes = try? InfoQuery.sizes("clGetProgramInfo", "program '\(name)'") {
      clGetProgramInfo(program, cl_uint(CL_PROGRAM_BINARY_SIZES), $0, $1, $2)
    }
    guard let size = sizes?.first, sizes?.count == 1, (1...Self.largestBinary).contains(size) else { return nil }
    // Traps: never (driver-answer-bounded).
    var binary = [UInt8](repeating: 0, count: size)
    let status = binary.withUnsafeMutableBufferPointer { bytes in
      var pointer = bytes.baseAddress
      return clGetProgramInfo(
        program, cl_uint(CL_PROGRAM_BINARIES), MemoryLayout<UnsafeMutablePointer<UInt8>?>.size, &pointer, nil)
    }
    return status == 0 ? binary : nil
  }

  /// The parameters of all kernels; `nil` when one cannot be made, or there are none: such a program is not worth
  /// keeping.
  private func describe(_ names: [String], of program: cl_program) -> [String: [KernelArgument]]? {
    if names.isEmpty { return nil }
    var described: [String: [KernelArgument]] = [:]
    for name in names {
      var status: cl_int = 0
      guard let kernel = clCreateKernel(program, name, &status) else { return nil }
      defer { clReleaseKernel(kernel) }
      guard status == 0, let count = try? KernelInspection.argumentCount(kernel, name) else { return nil }
      described[name] = KernelInspection.arguments(kernel, count: count)
    }
    return described
  }
}
