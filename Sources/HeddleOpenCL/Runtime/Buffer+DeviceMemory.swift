import HeddleExecution
import OpenCLRuntime

extension Buffer: DeviceMemory {
  public var kernelAccess: KernelAccess {
    switch access {
    case .readWrite: .readWrite
    case .readOnly: .readOnly
    case .writeOnly: .writeOnly
    }
  }
}

extension Buffer.Access {
  init(_ access: KernelAccess) {
    self =
      switch access {
      case .readWrite: .readWrite
      case .readOnly: .readOnly
      case .writeOnly: .writeOnly
      }
  }
}

extension DeviceMemory {
  /// The buffer, which memory is that an OpenCL runtime made or a caller brought.
  ///
  /// - Throws: ``OpenCLError/foreignContext(_:)`` for memory of another kind of runtime.
  var buffer: Buffer {
    get throws(OpenCLError) {
      guard let buffer = self as? Buffer else { throw .foreignContext("memory of another runtime") }
      return buffer
    }
  }
}
