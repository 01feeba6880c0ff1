/// What `Kernel.setArguments` takes. A structure of one's own becomes a value by conforming; it must be laid out as in
/// C.
public protocol KernelArgumentValue {
  func set(on kernel: Kernel, index: Int) throws(OpenCLError)
}

extension KernelArgumentValue where Self: BitwiseCopyable {
  public func set(on kernel: Kernel, index: Int) throws(OpenCLError) { try kernel.setArgument(index, self) }
}

extension Buffer: KernelArgumentValue {
  public func set(on kernel: Kernel, index: Int) throws(OpenCLError) { try kernel.setArgument(index, self) }
}

/// The bytes of a `__local` pointer, for `Kernel.setArguments`.
public struct LocalMemory: Hashable, Sendable, KernelArgumentValue {
  public var byteCount: Int

  public init(byteCount: Int) { self.byteCount = byteCount }

  public func set(on kernel: Kernel, index: Int) throws(OpenCLError) {
    try kernel.setLocalArgument(index, byteCount: byteCount)
  }
}

extension Int8: KernelArgumentValue {}
extension UInt8: KernelArgumentValue {}
extension Int16: KernelArgumentValue {}
extension UInt16: KernelArgumentValue {}
extension Int32: KernelArgumentValue {}
extension UInt32: KernelArgumentValue {}
extension Int64: KernelArgumentValue {}
extension UInt64: KernelArgumentValue {}
extension Int: KernelArgumentValue {}
extension UInt: KernelArgumentValue {}
extension Float: KernelArgumentValue {}
extension Double: KernelArgumentValue {}
#if !(os(macOS) && arch(x86_64))
  extension Float16: KernelArgumentValue {}
#endif
extension SIMD2: KernelArgumentValue where Scalar: KernelArgumentValue {
  public func set(on kernel: Kernel, index: Int) throws(OpenCLError) { try kernel.setValue(index, self) }
}
extension SIMD4: KernelArgumentValue where Scalar: KernelArgumentValue {
  public func set(on kernel: Kernel, index: Int) throws(OpenCLError) { try kernel.setValue(index, self) }
}
extension SIMD8: KernelArgumentValue where Scalar: KernelArgumentValue {
  public func set(on kernel: Kernel, index: Int) throws(OpenCLError) { try kernel.setValue(index, self) }
}
extension SIMD16: KernelArgumentValue where Scalar: KernelArgumentValue {
  public func set(on kernel: Kernel, index: Int) throws(OpenCLError) { try kernel.setValue(index, self) }
}
