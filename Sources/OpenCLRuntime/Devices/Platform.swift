import COpenCL

/// An OpenCL platform: one vendor's driver and the devices it offers.
public final class Platform: Sendable {
  nonisolated(unsafe) public let handle: cl_platform_id
  public let name: String
  public let vendor: String
  /// Such as `OpenCL 3.0 PoCL 3.1 …`.
  public let version: String
  /// Sorted.
  public let extensions: [String]

  init(handle: cl_platform_id) throws(OpenCLError) {
    func text(_ parameter: Int32) throws(OpenCLError) -> String {
      try InfoQuery.string("clGetPlatformInfo", "parameter \(parameter)") {
        clGetPlatformInfo(handle, cl_uint(bitPattern: parameter), $0, $1, $2)
      }
    }
    self.handle = handle
    name = try text(CL_PLATFORM_NAME)
    vendor = try text(CL_PLATFORM_VENDOR)
    version = try text(CL_PLATFORM_VERSION)
    extensions = try text(CL_PLATFORM_EXTENSIONS).split(separator: " ").map(String.init).sorted()
  }

  /// Every platform that answers, in the ICD loader's order.
  ///
  /// - Throws: `noPlatform` when there is none.
  public static func all() throws(OpenCLError) -> [Platform] {
    try DeviceRegistry.current().platforms
  }

  /// The platform's devices, in the driver's order; may be empty.
  ///
  /// - Throws: `call` when the driver refused to list them.
  public func devices() throws(OpenCLError) -> [Device] {
    let registry = try DeviceRegistry.current()
    if let failure = registry.failures[ObjectIdentifier(self)] { throw failure }
    return registry.devices.filter { $0.platform === self }
  }
}

extension Platform: CustomStringConvertible {
  public var description: String { "\(name) (\(version))" }
}
