import CHeddle
import HeddleText

/// What a call of the C interface reports: a status and a sentence.
struct Failure: Error {
  var code: heddle_status
  var text: String

  init(_ code: Int, _ text: String) {
    self.code = heddle_status(truncatingIfNeeded: code)
    self.text = Printable.lines(text)
  }

  static func null(_ what: StaticString) -> Failure { Failure(HEDDLE_NULL_ARGUMENT, "\(what) must not be NULL") }

  static func argument(_ text: String) -> Failure { Failure(HEDDLE_INVALID_ARGUMENT, text) }
}

extension Failure {
  /// The status of whatever is thrown, and its description, which says what was expected and what came.
  init(_ error: any Error) {
    switch error {
    case let failure as Failure: self = failure
    case let error as any HeddleError: self.init(error.kind.status, error.description)
    // The language's own, which has no kind.
    case is CancellationError: self.init(HEDDLE_CANCELLED, "the call was cancelled")
    default: self.init(HEDDLE_INTERNAL, "\(error)")
    }
  }
}

extension ErrorKind {
  /// The status that reports this kind.
  var status: Int {
    switch self {
    case .invalidArgument: HEDDLE_INVALID_ARGUMENT
    case .invalidGraph: HEDDLE_INVALID_GRAPH
    case .invalidData: HEDDLE_INVALID_DATA
    case .invalidBinding: HEDDLE_INVALID_BINDING
    case .invalidFile: HEDDLE_INVALID_FILE
    case .unsupported: HEDDLE_UNSUPPORTED
    case .noDevice: HEDDLE_NO_DEVICE
    case .forked: HEDDLE_FORKED
    case .busy: HEDDLE_BUSY
    case .deadline: HEDDLE_DEADLINE
    case .cancelled: HEDDLE_CANCELLED
    case .unusable: HEDDLE_UNUSABLE
    case .outOfMemory: HEDDLE_OUT_OF_MEMORY
    case .deviceFailed: HEDDLE_DEVICE_FAILED
    case .deviceLost: HEDDLE_DEVICE_LOST
    case .internal: HEDDLE_INTERNAL
    }
  }
}
