import COpenCL
import HeddleText

// Setting arguments. Each is checked against what the kernel's source declares before the driver sees it.

extension Kernel {
  /// Sets a `__global` or `__constant` pointer. The kernel keeps the buffer.
  ///
  /// - Throws: `argument` when the parameter is something else, `argumentCount` for an index the kernel has not,
  ///   `foreignContext`, `call`.
  public func setArgument(_ index: Int, _ buffer: Buffer) throws(OpenCLError) {
    let argument = try argument(at: index)
    guard buffer.context === program.context else { throw .foreignContext("\(buffer)") }
    if argument.isDescribed {
      let takesBuffer = argument.addressSpace == .global || argument.addressSpace == .constant
      guard takesBuffer, argument.isPointer else { throw mismatch(argument, "a \(buffer)") }
    }
    let limit = program.context.device.profile.maxConstantBytes
    if argument.addressSpace == .constant, buffer.byteCount > limit {
      throw mismatch(argument, "a \(buffer); the device allows \(limit) bytes of constant memory")
    }
    var memory: cl_mem? = buffer.handle
    try set(argument, MemoryLayout<cl_mem?>.size, &memory, .buffer(buffer))
  }

  /// Sets a by-value parameter: a scalar, a vector (`SIMD4<Float>` for `float4`) or a structure laid out as in C.
  ///
  /// - Throws: `argument` when the parameter is a pointer, has another size, or is an integer where the value is a
  ///   floating-point number or the reverse; `argumentCount`; `call`.
  public func setArgument<T: BitwiseCopyable>(_ index: Int, _ value: T) throws(OpenCLError) {
    try setValue(index, value)
  }

  /// `T` must be made of plain bits; vectors are, but cannot say so.
  func setValue<T>(_ index: Int, _ value: T) throws(OpenCLError) {
    let argument = try argument(at: index)
    // Trailing padding belongs to a structure in C.
    let layout = argument.layout
    let size = layout == nil ? MemoryLayout<T>.stride : MemoryLayout<T>.size
    if argument.isDescribed {
      guard argument.addressSpace == .private, !argument.isPointer else {
        throw mismatch(argument, "a value of type \(T.self)")
      }
      if let layout {
        guard size == layout.byteCount else {
          throw mismatch(argument, "a value of type \(T.self)", expected: layout.byteCount, size)
        }
        if let kind = ScalarLayout.kind(of: T.self), kind != layout.kind {
          throw mismatch(argument, "a value of type \(T.self)")
        }
      }
    }
    var slot = [UInt8](filled: 0, count: size)  // Traps: never (clamped-count).
    withUnsafeBytes(of: value) { bytes in slot.withUnsafeMutableBytes { $0.copyMemory(from: bytes) } }
    try set(argument, size, slot, .value)
  }

  /// Gives a `__local` pointer its bytes.
  ///
  /// - Throws: `argument` when the parameter is something else, or the size is not above zero; `localMemory` when it
  ///   exceeds the device's; `argumentCount`; `call`.
  public func setLocalArgument(_ index: Int, byteCount: Int) throws(OpenCLError) {
    let argument = try argument(at: index)
    if argument.isDescribed, argument.addressSpace != .local {
      throw mismatch(argument, "\(byteCount) bytes of local memory")
    }
    guard byteCount > 0 else { throw mismatch(argument, "\(byteCount) bytes of local memory") }
    let limit = program.context.device.profile.localMemoryBytes
    guard byteCount <= limit else { throw .localMemory(kernel: name, requested: byteCount, limit: limit) }
    try set(argument, byteCount, nil, .local(byteCount: byteCount))
  }

  /// Sets all arguments in order: buffers, values and `LocalMemory`.
  ///
  /// - Throws: `argumentCount` unless there are as many as the kernel has, and what setting each throws.
  public func setArguments<each Value: KernelArgumentValue>(_ values: repeat each Value) throws(OpenCLError) {
    var count = 0
    for _ in repeat each values { count &+= 1 }
    guard count == argumentCount else { throw .argumentCount(kernel: name, expected: argumentCount, got: count) }
    var index = 0
    for value in repeat each values {
      try value.set(on: self, index: index)
      index &+= 1
    }
  }

  /// Forgets all arguments, and lets go of their buffers: a launch throws until each is set again.
  public func clearArguments() { bound.withLock { $0 = $0.map { _ in nil } } }

  private func argument(at index: Int) throws(OpenCLError) -> KernelArgument {
    guard arguments.indices.contains(index) else {
      throw .argumentCount(kernel: name, expected: argumentCount, got: index < 0 ? index : index &+ 1)
    }
    return arguments[index]
  }

  private func set(
    _ argument: KernelArgument, _ size: Int, _ value: UnsafeRawPointer?, _ binding: BoundArgument
  ) throws(OpenCLError) {
    let status = bound.withLock { bound in
      let status = clSetKernelArg(handle, cl_uint(clamping: argument.index), size, value)
      if status == 0 { bound.update(at: argument.index) { $0 = binding } }
      return status
    }
    if status == OpenCLStatus.invalidArgSize.rawValue {
      throw mismatch(argument, "\(size) bytes, which the driver refused")
    }
    try check(status, "clSetKernelArg", "kernel '\(name)', argument \(argument.index), \(size) bytes")
  }

  private func mismatch(_ argument: KernelArgument, _ got: String) -> OpenCLError {
    .argument(kernel: name, index: argument.index, expected: argument.description, got: got)
  }

  private func mismatch(_ argument: KernelArgument, _ got: String, expected: Int, _ size: Int) -> OpenCLError {
    .argument(
      kernel: name, index: argument.index, expected: "\(argument) of \(expected) bytes", got: "\(got) of \(size) bytes")
  }
}
