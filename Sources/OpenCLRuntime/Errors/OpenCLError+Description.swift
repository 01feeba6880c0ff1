import HeddleText

extension OpenCLError: CustomStringConvertible {
  /// One line; several where the case holds a list or a build's log.
  public var description: String {
    if case .build(let failure) = self { return failure.description }
    return Printable.text(message) + (list.map(Self.lines) ?? "")
  }

  /// What stands below the message, an item a line.
  private var list: [String]? {
    switch self {
    case .driversNotLoaded(let items), .noDevice(let items), .unknownDevice(_, let items), .ambiguousDevice(_, let items),
      .unknownKernel(_, _, let items):
      items
    default: nil
    }
  }

  private var message: String {
    switch self {
    case .noPlatform:
      """
      no OpenCL platform: no driver is installed, or the ICD loader found none. Install one: `pocl-opencl-icd` runs on \
      any CPU; for a GPU take its vendor's package (`intel-opencl-icd`, `nvidia-opencl-icd`, `rocm-opencl-icd`, \
      `mesa-opencl-icd`). If OCL_ICD_VENDORS is set, it must name a folder of .icd files.
      """
    case .driversNotLoaded:
      "no OpenCL platform: drivers are installed, but they could not be loaded:"
    case .driverFolder(let failure): failure.description
    case .processLimit(let name, let allowed, let needed, let unit, let cure):
      """
      this process may take \(allowed) \(unit) of \(name), and needs \(needed): raise the limit \
      (\(cure))
      """
    case .forkedProcess:
      """
      this process was forked from one that had used OpenCL: no driver works here. Use OpenCL only after the fork, or \
      start a new process (`exec`; in Python multiprocessing's `spawn` or `forkserver`)
      """
    case .noDevice: "no OpenCL device. Platforms found:"
    case .unknownDevice(let query, _): "no OpenCL device matches '\(query)'. Devices found:"
    case .ambiguousDevice(let query, _): "'\(query)' matches several OpenCL devices; say which:"
    case .unsupportedDevice(let device, let reason): "the device '\(device)' cannot be used: \(reason)"
    case .deviceLost(let device, let status, let during):
      "the device '\(device)' was lost: \(during) ended with \(status). Make a new context to use it again"
    case .call(let function, let status, let context): "\(function) returned \(status): \(context)"
    case .unexpectedAnswer(let function, let context): "\(function) gave an answer that cannot be right: \(context)"
    case .build(let failure): failure.description
    case .invalidText(let what): "\(what) holds a NUL character"
    case .unknownKernel(let name, let program, _): "the program '\(program)' has no kernel '\(name)'. It has:"
    case .argument(let kernel, let index, let expected, let got):
      "kernel '\(kernel)', argument \(index): expected \(expected), got \(got)"
    case .argumentCount(let kernel, let expected, let got):
      "kernel '\(kernel)' has \(expected) arguments, got \(got)"
    case .argumentNotSet(let kernel, let index, let name):
      "kernel '\(kernel)' was enqueued with argument \(index) ('\(name)') not set"
    case .localMemory(let kernel, let requested, let limit):
      "kernel '\(kernel)' needs \(requested) bytes of local memory, the device has \(limit)"
    case .workSize(let kernel, let global, let local, let reason):
      "kernel '\(kernel)' with global size \(global), local size \(local.map { "\($0)" } ?? "nil"): \(reason)"
    case .emptyBuffer: "a buffer must have at least one byte"
    case .bufferSize(let requested, let limit):
      "a buffer of \(requested) bytes was asked for, the device allows 1 to \(limit)"
    case .budgetExceeded(let requested, let inUse, let budget):
      "a buffer of \(requested) bytes exceeds the memory budget of \(budget) bytes, of which \(inUse) are in use"
    case .bufferRange(let offset, let byteCount, let bufferBytes):
      "\(byteCount) bytes at offset \(offset) do not lie inside a buffer of \(bufferBytes) bytes"
    case .subBufferRange(let offset, let byteCount, let bufferBytes):
      "a sub-buffer of \(byteCount) bytes at offset \(offset) does not lie inside a buffer of \(bufferBytes) bytes"
    case .misaligned(let what, let value, let alignment): "\(what) is \(value), not a multiple of \(alignment)"
    case .copyOverlap(let source, let target, let byteCount):
      "a copy of \(byteCount) bytes from offset \(source) to offset \(target) of the same buffer overlaps itself"
    case .fillPattern(let patternBytes, let offset, let byteCount):
      """
      a fill with a pattern of \(patternBytes) bytes, at offset \(offset), of \(byteCount) bytes: the pattern must be \
      a power of two up to 128 bytes that divides both
      """
    case .foreignContext(let what): "\(what) belongs to another OpenCL context"
    }
  }

  private static func lines(_ items: [String]) -> String {
    items.isEmpty ? " none" : items.map { "\n  " + Printable.text($0) }.joined()
  }
}
