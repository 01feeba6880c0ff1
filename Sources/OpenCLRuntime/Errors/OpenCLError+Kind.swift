@_exported import enum HeddleText.ErrorKind
@_exported import protocol HeddleText.HeddleError

extension OpenCLError: HeddleError {
  public var kind: ErrorKind {
    switch self {
    case .noPlatform, .driversNotLoaded, .noDevice, .unknownDevice, .ambiguousDevice, .driverFolder, .processLimit:
      .noDevice
    case .unsupportedDevice: .unsupported
    case .forkedProcess: .forked
    case .deviceLost: .deviceLost
    case .call(_, let status, _): status.kind
    case .build(let failure): failure.kind
    case .unexpectedAnswer: .deviceFailed
    case .invalidText, .unknownKernel, .argument, .argumentCount, .argumentNotSet, .localMemory, .workSize,
      .copyOverlap, .fillPattern:
      .invalidArgument
    case .emptyBuffer, .bufferRange, .subBufferRange, .misaligned, .foreignContext: .invalidData
    case .bufferSize, .budgetExceeded: .outOfMemory
    }
  }
}
