import HeddleText

/// The code an OpenCL call returned: zero for success, negative for an error.
///
/// A code nobody listed keeps its number, so a driver's private code is never lost.
public struct OpenCLStatus: RawRepresentable, Hashable, Sendable, Error {
  public let rawValue: Int32

  public init(rawValue: Int32) { self.rawValue = rawValue }

  /// Whether the code is an error.
  public var isError: Bool { rawValue < 0 }

  /// The name in `<CL/cl.h>`, such as `CL_OUT_OF_RESOURCES`; for a code without one, `CL_STATUS_` and its number.
  public var name: String { Self.name(of: rawValue) ?? "CL_STATUS_\(rawValue)" }
}

extension OpenCLStatus: CustomStringConvertible {
  public var description: String { "\(name) (\(rawValue))" }
}

extension OpenCLStatus: HeddleError {
  public var kind: ErrorKind {
    switch self {
    case .memObjectAllocationFailure, .outOfHostMemory: .outOfMemory
    // Some drivers say CL_OUT_OF_RESOURCES of anything that failed on the device.
    default: .deviceFailed
    }
  }
}
