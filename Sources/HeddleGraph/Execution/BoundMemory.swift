/// Memory on a device, as a runtime made it or took it over: a `Buffer` of OpenCLRuntime is one.
public protocol DeviceMemory: AnyObject, Sendable {
  var byteCount: Int { get }
  /// What kernels may do with it.
  var kernelAccess: KernelAccess { get }
}

/// What kernels may do with memory on a device.
public enum KernelAccess: String, Hashable, Sendable {
  case readWrite, readOnly, writeOnly
}

/// What a session may be bound to.
public enum BoundMemory: Sendable {
  /// Memory of the backend's own device, where its elements lie (nil: as the executable was compiled for), and the tensor's
  /// extents if they are known. What is read-only is an input, and only kernels look at it.
  case device(any DeviceMemory, layout: TensorLayout? = nil, shape: [Int]? = nil, isReadOnly: Bool = false)
  case host(HostMemory)

  /// The extents that the caller states.
  package var shape: [Int]? {
    switch self {
    case .device(_, _, let shape, _): shape
    case .host(let host): host.shape
    }
  }
}

/// How a session uses bound memory.
public enum Residence: Hashable, Sendable {
  /// Kernels work on the memory itself.
  case inPlace
  /// Each run copies between it and the session's own buffer.
  case copied
}
