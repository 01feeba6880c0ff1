import COpenCL
import HeddleText

/// Asks one device. What the library cannot do without throws; the rest has a careful default.
private struct DeviceQuestions {
  let handle: cl_device_id

  func text(_ parameter: Int32) throws(OpenCLError) -> String {
    try InfoQuery.string("clGetDeviceInfo", "parameter \(parameter)") {
      clGetDeviceInfo(handle, cl_uint(bitPattern: parameter), $0, $1, $2)
    }
  }

  func bits(_ parameter: Int32) throws(OpenCLError) -> UInt64 {
    try InfoQuery.bits("clGetDeviceInfo", "parameter \(parameter)") {
      clGetDeviceInfo(handle, cl_uint(bitPattern: parameter), $0, $1, $2)
    }
  }

  func integer(_ parameter: Int32) throws(OpenCLError) -> Int { Int(clamping: try bits(parameter)) }

  func integer(_ parameter: Int32, default value: Int) -> Int { (try? integer(parameter)) ?? value }

  func flag(_ parameter: Int32, default value: Bool = false) -> Bool { (try? bits(parameter)).map { $0 != 0 } ?? value }

  func sizes(_ parameter: Int32) throws(OpenCLError) -> [Int] {
    try InfoQuery.sizes("clGetDeviceInfo", "parameter \(parameter)") {
      clGetDeviceInfo(handle, cl_uint(bitPattern: parameter), $0, $1, $2)
    }
  }

  /// The names in an array of `cl_name_version`: 4 bytes of version, 64 of text.
  func versionedNames(_ parameter: Int32) -> [String] {
    let answer = try? InfoQuery.bytes("clGetDeviceInfo", "parameter \(parameter)") {
      clGetDeviceInfo(handle, cl_uint(bitPattern: parameter), $0, $1, $2)
    }
    guard let answer else { return [] }
    return stride(from: 0, through: answer.count &- 68, by: 68).map { start in
      String(decoding: answer.part(from: start &+ 4, to: start &+ 68).prefix { $0 != 0 }, as: UTF8.self)
    }.sorted()
  }
}

extension DeviceProfile {
  init(querying handle: cl_device_id, platform: Platform) throws(OpenCLError) {
    self.init()
    let ask = DeviceQuestions(handle: handle)
    name = try ask.text(CL_DEVICE_NAME)
    vendor = (try? ask.text(CL_DEVICE_VENDOR)) ?? ""
    vendorID = ask.integer(CL_DEVICE_VENDOR_ID, default: 0)
    platformName = platform.name
    platformVersion = platform.version
    driverVersion = try ask.text(CL_DRIVER_VERSION)
    deviceVersion = try ask.text(CL_DEVICE_VERSION)
    openCLCVersion = (try? ask.text(CL_DEVICE_OPENCL_C_VERSION)) ?? ""
    openCLProfile = (try? ask.text(CL_DEVICE_PROFILE)) ?? ""
    type = Self.type(bits: try ask.bits(CL_DEVICE_TYPE))
    isAvailable = ask.flag(CL_DEVICE_AVAILABLE, default: true)
    compilerAvailable = ask.flag(CL_DEVICE_COMPILER_AVAILABLE, default: true)
    extensions = ((try? ask.text(CL_DEVICE_EXTENSIONS)) ?? "").split(separator: " ").map(String.init).sorted()
    openCLCFeatures = openCLVersion.major >= 3 ? ask.versionedNames(CL_DEVICE_OPENCL_C_FEATURES) : []
    try readCompute(ask)
    try readMemory(ask)
  }

  private mutating func readCompute(_ ask: DeviceQuestions) throws(OpenCLError) {
    computeUnits = max(1, try ask.integer(CL_DEVICE_MAX_COMPUTE_UNITS))
    clockMHz = ask.integer(CL_DEVICE_MAX_CLOCK_FREQUENCY, default: 0)
    maxWorkGroupSize = max(1, try ask.integer(CL_DEVICE_MAX_WORK_GROUP_SIZE))
    maxWorkItemSizes = try ask.sizes(CL_DEVICE_MAX_WORK_ITEM_SIZES)
    preferredVectorWidths = VectorWidths(
      char: ask.integer(CL_DEVICE_PREFERRED_VECTOR_WIDTH_CHAR, default: 0),
      short: ask.integer(CL_DEVICE_PREFERRED_VECTOR_WIDTH_SHORT, default: 0),
      int: ask.integer(CL_DEVICE_PREFERRED_VECTOR_WIDTH_INT, default: 0),
      long: ask.integer(CL_DEVICE_PREFERRED_VECTOR_WIDTH_LONG, default: 0),
      half: ask.integer(CL_DEVICE_PREFERRED_VECTOR_WIDTH_HALF, default: 0),
      float: ask.integer(CL_DEVICE_PREFERRED_VECTOR_WIDTH_FLOAT, default: 0),
      double: ask.integer(CL_DEVICE_PREFERRED_VECTOR_WIDTH_DOUBLE, default: 0))
    nativeVectorWidths = VectorWidths(
      char: ask.integer(CL_DEVICE_NATIVE_VECTOR_WIDTH_CHAR, default: 0),
      short: ask.integer(CL_DEVICE_NATIVE_VECTOR_WIDTH_SHORT, default: 0),
      int: ask.integer(CL_DEVICE_NATIVE_VECTOR_WIDTH_INT, default: 0),
      long: ask.integer(CL_DEVICE_NATIVE_VECTOR_WIDTH_LONG, default: 0),
      half: ask.integer(CL_DEVICE_NATIVE_VECTOR_WIDTH_HALF, default: 0),
      float: ask.integer(CL_DEVICE_NATIVE_VECTOR_WIDTH_FLOAT, default: 0),
      double: ask.integer(CL_DEVICE_NATIVE_VECTOR_WIDTH_DOUBLE, default: 0))
    let single = (try? ask.bits(CL_DEVICE_SINGLE_FP_CONFIG)) ?? 0
    singleDenormals = single & UInt64(CL_FP_DENORM) != 0
    singleInfinityAndNaN = single & UInt64(CL_FP_INF_NAN) != 0
    singleFusedMultiplyAdd = single & UInt64(CL_FP_FMA) != 0
    supportsHalf = hasExtension("cl_khr_fp16")
    supportsDouble = hasExtension("cl_khr_fp64") || ask.flag(CL_DEVICE_DOUBLE_FP_CONFIG)
    let version = openCLVersion
    if version >= (2, 1) { maxSubGroups = ask.integer(CL_DEVICE_MAX_NUM_SUB_GROUPS, default: 0) }
    subGroups = hasExtension("cl_khr_subgroups") || hasExtension("cl_intel_subgroups") || maxSubGroups > 0
    littleEndian = ask.flag(CL_DEVICE_ENDIAN_LITTLE, default: true)
    addressBits = ask.integer(CL_DEVICE_ADDRESS_BITS, default: 64)
    profilingTimerResolution = ask.integer(CL_DEVICE_PROFILING_TIMER_RESOLUTION, default: 0)
    let queues = (try? ask.bits(CL_DEVICE_QUEUE_PROPERTIES)) ?? 0
    outOfOrderQueues = queues & UInt64(CL_QUEUE_OUT_OF_ORDER_EXEC_MODE_ENABLE) != 0
    printfBufferBytes = ask.integer(CL_DEVICE_PRINTF_BUFFER_SIZE, default: 0)
  }

  private mutating func readMemory(_ ask: DeviceQuestions) throws(OpenCLError) {
    globalMemoryBytes = try ask.integer(CL_DEVICE_GLOBAL_MEM_SIZE)
    maxAllocationBytes = try ask.integer(CL_DEVICE_MAX_MEM_ALLOC_SIZE)
    globalCacheBytes = ask.integer(CL_DEVICE_GLOBAL_MEM_CACHE_SIZE, default: 0)
    globalCacheLineBytes = ask.integer(CL_DEVICE_GLOBAL_MEM_CACHELINE_SIZE, default: 0)
    localMemoryBytes = try ask.integer(CL_DEVICE_LOCAL_MEM_SIZE)
    dedicatedLocalMemory = ask.integer(CL_DEVICE_LOCAL_MEM_TYPE, default: 0) == Int(CL_LOCAL)
    maxConstantBytes = ask.integer(CL_DEVICE_MAX_CONSTANT_BUFFER_SIZE, default: 0)
    maxConstantArguments = ask.integer(CL_DEVICE_MAX_CONSTANT_ARGS, default: 0)
    maxParameterBytes = ask.integer(CL_DEVICE_MAX_PARAMETER_SIZE, default: 256)
    // The device answers in bits.
    memBaseAddressAlignmentBytes = max(1, ask.integer(CL_DEVICE_MEM_BASE_ADDR_ALIGN, default: 1024) / 8)
    hostUnifiedMemory = ask.flag(CL_DEVICE_HOST_UNIFIED_MEMORY, default: type == .cpu)
    errorCorrection = ask.flag(CL_DEVICE_ERROR_CORRECTION_SUPPORT)
    imageSupport = ask.flag(CL_DEVICE_IMAGE_SUPPORT)
  }

  private static func type(bits: UInt64) -> DeviceType {
    if bits & UInt64(CL_DEVICE_TYPE_GPU) != 0 { return .gpu }
    if bits & UInt64(CL_DEVICE_TYPE_ACCELERATOR) != 0 { return .accelerator }
    if bits & UInt64(CL_DEVICE_TYPE_CPU) != 0 { return .cpu }
    return bits & UInt64(CL_DEVICE_TYPE_CUSTOM) != 0 ? .custom : .other
  }
}
