import HeddleText

/// Everything a device says of itself, as plain data: it can be compared, printed, saved and planned with.
///
/// Sizes are in bytes. Figures a driver gives as unsigned 64-bit numbers are clamped to `Int`.
public struct DeviceProfile: Hashable, Codable, Sendable {
  public enum DeviceType: String, Hashable, Codable, Sendable, CaseIterable {
    case cpu, gpu, accelerator, custom, other
  }

  /// Elements of each type that make one vector of the device; zero where the type is not supported.
  public struct VectorWidths: Hashable, Codable, Sendable {
    public var char = 0, short = 0, int = 0, long = 0, half = 0, float = 0, double = 0
  }

  // Who it is
  public var name = ""
  public var vendor = ""
  public var vendorID = 0
  public var platformName = ""
  public var platformVersion = ""
  public var driverVersion = ""
  /// `OpenCL <major>.<minor> <vendor's text>`.
  public var deviceVersion = ""
  public var openCLCVersion = ""
  /// `FULL_PROFILE` or `EMBEDDED_PROFILE`.
  public var openCLProfile = ""
  public var type = DeviceType.other
  public var isAvailable = true
  public var compilerAvailable = true

  // How it computes
  public var computeUnits = 1
  public var clockMHz = 0
  public var maxWorkGroupSize = 1
  public var maxWorkItemSizes: [Int] = []
  public var preferredVectorWidths = VectorWidths()
  public var nativeVectorWidths = VectorWidths()
  /// Half-precision *arithmetic* (`cl_khr_fp16`). Loading and storing halves needs nothing.
  public var supportsHalf = false
  public var supportsDouble = false
  /// Sub-groups in OpenCL C, by extension or by version.
  public var subGroups = false
  /// Most sub-groups in one work-group; zero when there are none or the device does not say.
  public var maxSubGroups = 0
  /// Whether single precision keeps denormals, infinities and NaN, and has a correctly rounded `fma`.
  public var singleDenormals = false
  public var singleInfinityAndNaN = false
  public var singleFusedMultiplyAdd = false
  public var littleEndian = true
  public var addressBits = 64

  // What it holds
  public var globalMemoryBytes = 0
  public var maxAllocationBytes = 0
  public var globalCacheBytes = 0
  public var globalCacheLineBytes = 0
  public var localMemoryBytes = 0
  /// Local memory is a memory of its own, not a piece of global memory.
  public var dedicatedLocalMemory = false
  public var maxConstantBytes = 0
  public var maxConstantArguments = 0
  /// Most bytes of all arguments of one kernel.
  public var maxParameterBytes = 0
  /// The alignment of sub-buffers and of wrapped host memory.
  public var memBaseAddressAlignmentBytes = 1
  public var hostUnifiedMemory = false
  public var errorCorrection = false
  public var imageSupport = false

  // What else
  /// Nanoseconds.
  public var profilingTimerResolution = 0
  public var outOfOrderQueues = false
  /// Bytes `printf` may write in one launch.
  public var printfBufferBytes = 0
  /// Sorted.
  public var extensions: [String] = []
  /// Names of `__opencl_c_…` features of OpenCL C 3.0, sorted; empty before 3.0.
  public var openCLCFeatures: [String] = []

  public init() {}
}

extension DeviceProfile {
  /// Whether the device lists the extension, such as `cl_khr_subgroups`.
  public func hasExtension(_ name: String) -> Bool { extensions.contains(name) }

  /// The version in `deviceVersion`, such as (1, 2); (0, 0) when the text has none.
  public var openCLVersion: (major: Int, minor: Int) {
    let words = deviceVersion.split(separator: " ")
    guard words.first == "OpenCL", let version = words[at: 1] else { return (0, 0) }
    let parts = version.split(separator: ".").map { Int($0) }
    guard parts.count == 2, let major = parts.first ?? nil, let minor = parts.last ?? nil else { return (0, 0) }
    return (major, minor)
  }
}
