import HeddleText

/// What can be wrong with one run, on any backend.
public enum ExecutionError: Error, Hashable, Sendable {
  case missingInput(String, TensorType)
  case unknownInput(String, known: [String])
  case unknownOutput(String, known: [String])
  case inputType(String, expected: TensorType, got: TensorSummary)
  case conflictingBinding(Symbol, Int, Int, input: String)
  case sessionBinding(Symbol, session: Int, run: Int)
  case unknownSymbol(Symbol, known: [Symbol])
  case binding(TypeError)
  /// A caller's memory that a run cannot use: too small, or of another shape than the run's.
  case boundMemory(String, expected: String, got: String)
  /// A tensor or a caller's memory with an extent that no run can have: what the extent is called, its value, and the
  /// values it may take.
  case extent(String, value: Int, allowed: ClosedRange<Int>, place: String, expected: TensorType, shape: [Int])
  case capacityExceeded(String, needed: Int, capacity: Int)
  case deadlineExceeded
  case sessionBusy
  /// A callback wants to run a step while the step that called it has the driver for itself.
  case driverBusy
  case sessionUnusable
  case unsupported(String, reason: String, Origin)
}

extension ExecutionError: CustomStringConvertible {
  public var description: String { Printable.text(message) }

  private var message: String {
    switch self {
    case .missingInput(let name, let type): "the input '\(name)' (\(type)) is missing"
    case .unknownInput(let name, let known): "there is no input '\(name)'; the graph has \(known.sorted())"
    case .unknownOutput(let name, let known): "there is no output '\(name)'; the graph has \(known.sorted())"
    case .inputType(let name, let expected, let got): "the input '\(name)' must be \(expected), got \(got)"
    case .conflictingBinding(let symbol, let first, let second, let input):
      "\(symbol) is \(first), but the input '\(input)' makes it \(second)"
    case .sessionBinding(let symbol, let session, let run):
      "the session was made with \(symbol) = \(session), the run gives \(run)"
    case .unknownSymbol(let symbol, let known): "there is no symbol '\(symbol)'; the graph has \(known.sorted())"
    case .binding(let error): error.description
    case .boundMemory(let place, let expected, let got):
      "\(place) must be \(expected), the memory bound to it is \(got)"
    case .extent(let name, let value, let allowed, let place, let expected, let shape):
      "\(name) would be \(value); "
        + (allowed.lowerBound == allowed.upperBound
          ? "it is \(allowed.lowerBound) here" : "the graph allows \(allowed.lowerBound)...\(allowed.upperBound)")
        + " (\(place) is \(expected), got shape \(shape))"
    case .capacityExceeded(let what, let needed, let capacity):
      "\(what) needs \(needed) rows, the session has \(capacity): make the session with a greater capacity"
    case .deadlineExceeded: "the run passed its deadline"
    case .sessionBusy: "the session is running another step; a session runs one at a time"
    case .driverBusy: "this thread is inside a step, and the driver runs one at a time: run the other when it is done"
    case .sessionUnusable: "an earlier step failed while it overwrote the session's states; reset the session"
    case .unsupported(let name, let reason, let origin):
      "\(origin.description.isEmpty ? "" : "\(origin): ")\(name) is not supported: \(reason)"
    }
  }
}

extension ExecutionError: HeddleError {
  public var kind: ErrorKind {
    switch self {
    case .missingInput, .unknownInput, .unknownOutput, .conflictingBinding, .sessionBinding, .unknownSymbol, .binding,
      .extent, .capacityExceeded:
      .invalidBinding
    case .inputType, .boundMemory: .invalidData
    case .deadlineExceeded: .deadline
    case .sessionBusy, .driverBusy: .busy
    case .sessionUnusable: .unusable
    case .unsupported: .unsupported
    }
  }
}
