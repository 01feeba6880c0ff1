import CHeddle
import HeddleFormats
import HeddleGraph
import HeddleModels
import HeddlePlanning
import HeddleText
import OpenCLRuntime

/// What a call of the C interface reports: a status and a sentence.
struct Failure: Error {
  var code: heddle_status
  var text: String

  init(_ code: Int, _ text: String) {
    self.code = heddle_status(truncatingIfNeeded: code)
    // Also of Foundation's decoders, which quote what they read.
    self.text = Printable.lines(text)
  }

  static func null(_ what: StaticString) -> Failure { Failure(HEDDLE_NULL_ARGUMENT, "\(what) must not be NULL") }

  static func argument(_ text: String) -> Failure { Failure(HEDDLE_INVALID_ARGUMENT, text) }
}

extension Failure {
  /// The status of whatever Heddle throws. Its description is the text: it already says what was expected and what came.
  init(_ error: any Error) {
    switch error {
    case let failure as Failure: self = failure
    case let error as OpenCLError: self.init(Failure.code(of: error), "\(error)")
    case let error as ExecutionError: self.init(Failure.code(of: error), "\(error)")
    case let error as PlanError: self.init(Failure.code(of: error), "\(error)")
    case is GraphError, is InferenceError: self.init(HEDDLE_INVALID_GRAPH, "\(error)")
    case is DecodingError: self.init(HEDDLE_INVALID_GRAPH, Failure.describe(error))
    case is TypeError: self.init(HEDDLE_INVALID_DATA, "\(error)")
    case is FileError, is GGUFError, is SafetensorsError, is ModelFileError: self.init(HEDDLE_INVALID_FILE, "\(error)")
    case let error as ModelError: self.init(Failure.code(of: error), "\(error)")
    case is TokenizerError: self.init(HEDDLE_INVALID_FILE, "\(error)")
    case is CancellationError: self.init(HEDDLE_CANCELLED, "the call was cancelled")
    default: self.init(HEDDLE_INTERNAL, "\(error)")
    }
  }

  private static func code(of error: OpenCLError) -> Int {
    switch error {
    case .noPlatform, .noDevice, .unknownDevice, .ambiguousDevice, .driversNotLoaded, .driverFolder, .processLimit:
      HEDDLE_NO_DEVICE
    case .forkedProcess: HEDDLE_FORKED
    case .unsupportedDevice: HEDDLE_UNSUPPORTED
    case .budgetExceeded, .bufferSize: HEDDLE_OUT_OF_MEMORY
    case .deviceLost: HEDDLE_DEVICE_LOST
    case .foreignContext, .misaligned, .emptyBuffer, .bufferRange, .subBufferRange: HEDDLE_INVALID_DATA
    default: HEDDLE_DEVICE_FAILED
    }
  }

  private static func code(of error: ExecutionError) -> Int {
    switch error {
    case .deadlineExceeded: HEDDLE_DEADLINE
    case .sessionBusy, .driverBusy: HEDDLE_BUSY
    case .sessionUnusable: HEDDLE_UNUSABLE
    case .unsupported, .grid: HEDDLE_UNSUPPORTED
    case .inputType, .boundMemory, .access, .layout, .otherLayout, .byteCount: HEDDLE_INVALID_DATA
    case .extent where error.isWrongShape: HEDDLE_INVALID_DATA
    default: HEDDLE_INVALID_BINDING
    }
  }

  private static func code(of error: PlanError) -> Int {
    if case .unsupported = error { HEDDLE_UNSUPPORTED } else { HEDDLE_INVALID_GRAPH }
  }

  private static func code(of error: ModelError) -> Int {
    switch error {
    case .emptyPrompt, .invalidOption, .sampling, .emptyStopText, .promptTooLong, .tokenOutOfRange, .cacheFull:
      HEDDLE_INVALID_ARGUMENT
    default: HEDDLE_INVALID_FILE
    }
  }

  /// What a decoder did not like, and where: `nodes.3.operation: …`.
  private static func describe(_ error: any Error) -> String {
    let context: DecodingError.Context? =
      switch error as? DecodingError {
      case .dataCorrupted(let context), .typeMismatch(_, let context), .valueNotFound(_, let context): context
      case .keyNotFound(let key, let context):
        DecodingError.Context(
          codingPath: context.codingPath, debugDescription: "there is no '\(key.stringValue)'",
          underlyingError: context.underlyingError)
      default: nil
      }
    guard let context else { return "\(error)" }
    let path = context.codingPath.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
    return path.isEmpty ? context.debugDescription : "\(path): \(context.debugDescription)"
  }
}
