// The codes of <CL/cl.h> and of the extensions in use, by their own names.

extension OpenCLStatus {
  /// `CL_SUCCESS`
  public static let success = OpenCLStatus(rawValue: 0)
  /// `CL_DEVICE_NOT_FOUND`
  public static let deviceNotFound = OpenCLStatus(rawValue: -1)
  /// `CL_DEVICE_NOT_AVAILABLE`
  public static let deviceNotAvailable = OpenCLStatus(rawValue: -2)
  /// `CL_COMPILER_NOT_AVAILABLE`
  public static let compilerNotAvailable = OpenCLStatus(rawValue: -3)
  /// `CL_MEM_OBJECT_ALLOCATION_FAILURE`
  public static let memObjectAllocationFailure = OpenCLStatus(rawValue: -4)
  /// `CL_OUT_OF_RESOURCES`
  public static let outOfResources = OpenCLStatus(rawValue: -5)
  /// `CL_OUT_OF_HOST_MEMORY`
  public static let outOfHostMemory = OpenCLStatus(rawValue: -6)
  /// `CL_PROFILING_INFO_NOT_AVAILABLE`
  public static let profilingInfoNotAvailable = OpenCLStatus(rawValue: -7)
  /// `CL_MEM_COPY_OVERLAP`
  public static let memCopyOverlap = OpenCLStatus(rawValue: -8)
  /// `CL_IMAGE_FORMAT_MISMATCH`
  public static let imageFormatMismatch = OpenCLStatus(rawValue: -9)
  /// `CL_IMAGE_FORMAT_NOT_SUPPORTED`
  public static let imageFormatNotSupported = OpenCLStatus(rawValue: -10)
  /// `CL_BUILD_PROGRAM_FAILURE`
  public static let buildProgramFailure = OpenCLStatus(rawValue: -11)
  /// `CL_MAP_FAILURE`
  public static let mapFailure = OpenCLStatus(rawValue: -12)
  /// `CL_MISALIGNED_SUB_BUFFER_OFFSET`
  public static let misalignedSubBufferOffset = OpenCLStatus(rawValue: -13)
  /// `CL_EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST`
  public static let execStatusErrorForEventsInWaitList = OpenCLStatus(rawValue: -14)
  /// `CL_COMPILE_PROGRAM_FAILURE`
  public static let compileProgramFailure = OpenCLStatus(rawValue: -15)
  /// `CL_LINKER_NOT_AVAILABLE`
  public static let linkerNotAvailable = OpenCLStatus(rawValue: -16)
  /// `CL_LINK_PROGRAM_FAILURE`
  public static let linkProgramFailure = OpenCLStatus(rawValue: -17)
  /// `CL_DEVICE_PARTITION_FAILED`
  public static let devicePartitionFailed = OpenCLStatus(rawValue: -18)
  /// `CL_KERNEL_ARG_INFO_NOT_AVAILABLE`
  public static let kernelArgInfoNotAvailable = OpenCLStatus(rawValue: -19)
  /// `CL_INVALID_VALUE`
  public static let invalidValue = OpenCLStatus(rawValue: -30)
  /// `CL_INVALID_DEVICE_TYPE`
  public static let invalidDeviceType = OpenCLStatus(rawValue: -31)
  /// `CL_INVALID_PLATFORM`
  public static let invalidPlatform = OpenCLStatus(rawValue: -32)
  /// `CL_INVALID_DEVICE`
  public static let invalidDevice = OpenCLStatus(rawValue: -33)
  /// `CL_INVALID_CONTEXT`
  public static let invalidContext = OpenCLStatus(rawValue: -34)
  /// `CL_INVALID_QUEUE_PROPERTIES`
  public static let invalidQueueProperties = OpenCLStatus(rawValue: -35)
  /// `CL_INVALID_COMMAND_QUEUE`
  public static let invalidCommandQueue = OpenCLStatus(rawValue: -36)
  /// `CL_INVALID_HOST_PTR`
  public static let invalidHostPtr = OpenCLStatus(rawValue: -37)
  /// `CL_INVALID_MEM_OBJECT`
  public static let invalidMemObject = OpenCLStatus(rawValue: -38)
  /// `CL_INVALID_IMAGE_FORMAT_DESCRIPTOR`
  public static let invalidImageFormatDescriptor = OpenCLStatus(rawValue: -39)
  /// `CL_INVALID_IMAGE_SIZE`
  public static let invalidImageSize = OpenCLStatus(rawValue: -40)
  /// `CL_INVALID_SAMPLER`
  public static let invalidSampler = OpenCLStatus(rawValue: -41)
  /// `CL_INVALID_BINARY`
  public static let invalidBinary = OpenCLStatus(rawValue: -42)
  /// `CL_INVALID_BUILD_OPTIONS`
  public static let invalidBuildOptions = OpenCLStatus(rawValue: -43)
  /// `CL_INVALID_PROGRAM`
  public static let invalidProgram = OpenCLStatus(rawValue: -44)
  /// `CL_INVALID_PROGRAM_EXECUTABLE`
  public static let invalidProgramExecutable = OpenCLStatus(rawValue: -45)
  /// `CL_INVALID_KERNEL_NAME`
  public static let invalidKernelName = OpenCLStatus(rawValue: -46)
  /// `CL_INVALID_KERNEL_DEFINITION`
  public static let invalidKernelDefinition = OpenCLStatus(rawValue: -47)
  /// `CL_INVALID_KERNEL`
  public static let invalidKernel = OpenCLStatus(rawValue: -48)
  /// `CL_INVALID_ARG_INDEX`
  public static let invalidArgIndex = OpenCLStatus(rawValue: -49)
  /// `CL_INVALID_ARG_VALUE`
  public static let invalidArgValue = OpenCLStatus(rawValue: -50)
  /// `CL_INVALID_ARG_SIZE`
  public static let invalidArgSize = OpenCLStatus(rawValue: -51)
  /// `CL_INVALID_KERNEL_ARGS`
  public static let invalidKernelArgs = OpenCLStatus(rawValue: -52)
  /// `CL_INVALID_WORK_DIMENSION`
  public static let invalidWorkDimension = OpenCLStatus(rawValue: -53)
  /// `CL_INVALID_WORK_GROUP_SIZE`
  public static let invalidWorkGroupSize = OpenCLStatus(rawValue: -54)
  /// `CL_INVALID_WORK_ITEM_SIZE`
  public static let invalidWorkItemSize = OpenCLStatus(rawValue: -55)
  /// `CL_INVALID_GLOBAL_OFFSET`
  public static let invalidGlobalOffset = OpenCLStatus(rawValue: -56)
  /// `CL_INVALID_EVENT_WAIT_LIST`
  public static let invalidEventWaitList = OpenCLStatus(rawValue: -57)
  /// `CL_INVALID_EVENT`
  public static let invalidEvent = OpenCLStatus(rawValue: -58)
  /// `CL_INVALID_OPERATION`
  public static let invalidOperation = OpenCLStatus(rawValue: -59)
  /// `CL_INVALID_GL_OBJECT`
  public static let invalidGlObject = OpenCLStatus(rawValue: -60)
  /// `CL_INVALID_BUFFER_SIZE`
  public static let invalidBufferSize = OpenCLStatus(rawValue: -61)
  /// `CL_INVALID_MIP_LEVEL`
  public static let invalidMipLevel = OpenCLStatus(rawValue: -62)
  /// `CL_INVALID_GLOBAL_WORK_SIZE`
  public static let invalidGlobalWorkSize = OpenCLStatus(rawValue: -63)
  /// `CL_INVALID_PROPERTY`
  public static let invalidProperty = OpenCLStatus(rawValue: -64)
  /// `CL_INVALID_IMAGE_DESCRIPTOR`
  public static let invalidImageDescriptor = OpenCLStatus(rawValue: -65)
  /// `CL_INVALID_COMPILER_OPTIONS`
  public static let invalidCompilerOptions = OpenCLStatus(rawValue: -66)
  /// `CL_INVALID_LINKER_OPTIONS`
  public static let invalidLinkerOptions = OpenCLStatus(rawValue: -67)
  /// `CL_INVALID_DEVICE_PARTITION_COUNT`
  public static let invalidDevicePartitionCount = OpenCLStatus(rawValue: -68)
  /// `CL_INVALID_PIPE_SIZE`
  public static let invalidPipeSize = OpenCLStatus(rawValue: -69)
  /// `CL_INVALID_DEVICE_QUEUE`
  public static let invalidDeviceQueue = OpenCLStatus(rawValue: -70)
  /// `CL_INVALID_SPEC_ID`
  public static let invalidSpecId = OpenCLStatus(rawValue: -71)
  /// `CL_MAX_SIZE_RESTRICTION_EXCEEDED`
  public static let maxSizeRestrictionExceeded = OpenCLStatus(rawValue: -72)
  /// `CL_PLATFORM_NOT_FOUND_KHR`
  public static let platformNotFoundKhr = OpenCLStatus(rawValue: -1001)
  /// `CL_DEVICE_PARTITION_FAILED_EXT`
  public static let devicePartitionFailedExt = OpenCLStatus(rawValue: -1057)
  /// `CL_COMMAND_TERMINATED_ITSELF_WITH_FAILURE_ARM`
  public static let commandTerminatedItselfWithFailureArm = OpenCLStatus(rawValue: -1108)
  /// `CL_CONTEXT_TERMINATED_KHR`
  public static let contextTerminatedKhr = OpenCLStatus(rawValue: -1121)
  /// `CL_INVALID_COMMAND_BUFFER_KHR`
  public static let invalidCommandBufferKhr = OpenCLStatus(rawValue: -1138)
  /// `CL_INVALID_SYNC_POINT_WAIT_LIST_KHR`
  public static let invalidSyncPointWaitListKhr = OpenCLStatus(rawValue: -1139)
  /// `CL_INCOMPATIBLE_COMMAND_QUEUE_KHR`
  public static let incompatibleCommandQueueKhr = OpenCLStatus(rawValue: -1140)
  /// `CL_INVALID_MUTABLE_COMMAND_KHR`
  public static let invalidMutableCommandKhr = OpenCLStatus(rawValue: -1141)
  /// `CL_INVALID_SEMAPHORE_KHR`
  public static let invalidSemaphoreKhr = OpenCLStatus(rawValue: -1142)

  static func name(of number: Int32) -> String? {
    switch number {
    case 0: "CL_SUCCESS"
    case -1: "CL_DEVICE_NOT_FOUND"
    case -2: "CL_DEVICE_NOT_AVAILABLE"
    case -3: "CL_COMPILER_NOT_AVAILABLE"
    case -4: "CL_MEM_OBJECT_ALLOCATION_FAILURE"
    case -5: "CL_OUT_OF_RESOURCES"
    case -6: "CL_OUT_OF_HOST_MEMORY"
    case -7: "CL_PROFILING_INFO_NOT_AVAILABLE"
    case -8: "CL_MEM_COPY_OVERLAP"
    case -9: "CL_IMAGE_FORMAT_MISMATCH"
    case -10: "CL_IMAGE_FORMAT_NOT_SUPPORTED"
    case -11: "CL_BUILD_PROGRAM_FAILURE"
    case -12: "CL_MAP_FAILURE"
    case -13: "CL_MISALIGNED_SUB_BUFFER_OFFSET"
    case -14: "CL_EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST"
    case -15: "CL_COMPILE_PROGRAM_FAILURE"
    case -16: "CL_LINKER_NOT_AVAILABLE"
    case -17: "CL_LINK_PROGRAM_FAILURE"
    case -18: "CL_DEVICE_PARTITION_FAILED"
    case -19: "CL_KERNEL_ARG_INFO_NOT_AVAILABLE"
    case -30: "CL_INVALID_VALUE"
    case -31: "CL_INVALID_DEVICE_TYPE"
    case -32: "CL_INVALID_PLATFORM"
    case -33: "CL_INVALID_DEVICE"
    case -34: "CL_INVALID_CONTEXT"
    case -35: "CL_INVALID_QUEUE_PROPERTIES"
    case -36: "CL_INVALID_COMMAND_QUEUE"
    case -37: "CL_INVALID_HOST_PTR"
    case -38: "CL_INVALID_MEM_OBJECT"
    case -39: "CL_INVALID_IMAGE_FORMAT_DESCRIPTOR"
    case -40: "CL_INVALID_IMAGE_SIZE"
    case -41: "CL_INVALID_SAMPLER"
    case -42: "CL_INVALID_BINARY"
    case -43: "CL_INVALID_BUILD_OPTIONS"
    case -44: "CL_INVALID_PROGRAM"
    case -45: "CL_INVALID_PROGRAM_EXECUTABLE"
    case -46: "CL_INVALID_KERNEL_NAME"
    case -47: "CL_INVALID_KERNEL_DEFINITION"
    case -48: "CL_INVALID_KERNEL"
    case -49: "CL_INVALID_ARG_INDEX"
    case -50: "CL_INVALID_ARG_VALUE"
    case -51: "CL_INVALID_ARG_SIZE"
    case -52: "CL_INVALID_KERNEL_ARGS"
    case -53: "CL_INVALID_WORK_DIMENSION"
    case -54: "CL_INVALID_WORK_GROUP_SIZE"
    case -55: "CL_INVALID_WORK_ITEM_SIZE"
    case -56: "CL_INVALID_GLOBAL_OFFSET"
    case -57: "CL_INVALID_EVENT_WAIT_LIST"
    case -58: "CL_INVALID_EVENT"
    case -59: "CL_INVALID_OPERATION"
    case -60: "CL_INVALID_GL_OBJECT"
    case -61: "CL_INVALID_BUFFER_SIZE"
    case -62: "CL_INVALID_MIP_LEVEL"
    case -63: "CL_INVALID_GLOBAL_WORK_SIZE"
    case -64: "CL_INVALID_PROPERTY"
    case -65: "CL_INVALID_IMAGE_DESCRIPTOR"
    case -66: "CL_INVALID_COMPILER_OPTIONS"
    case -67: "CL_INVALID_LINKER_OPTIONS"
    case -68: "CL_INVALID_DEVICE_PARTITION_COUNT"
    case -69: "CL_INVALID_PIPE_SIZE"
    case -70: "CL_INVALID_DEVICE_QUEUE"
    case -71: "CL_INVALID_SPEC_ID"
    case -72: "CL_MAX_SIZE_RESTRICTION_EXCEEDED"
    case -1001: "CL_PLATFORM_NOT_FOUND_KHR"
    case -1057: "CL_DEVICE_PARTITION_FAILED_EXT"
    case -1108: "CL_COMMAND_TERMINATED_ITSELF_WITH_FAILURE_ARM"
    case -1121: "CL_CONTEXT_TERMINATED_KHR"
    case -1138: "CL_INVALID_COMMAND_BUFFER_KHR"
    case -1139: "CL_INVALID_SYNC_POINT_WAIT_LIST_KHR"
    case -1140: "CL_INCOMPATIBLE_COMMAND_QUEUE_KHR"
    case -1141: "CL_INVALID_MUTABLE_COMMAND_KHR"
    case -1142: "CL_INVALID_SEMAPHORE_KHR"
    default: nil
    }
  }
}
