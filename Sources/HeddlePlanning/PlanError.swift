import HeddleText

/// Why a graph cannot be planned for a device.
public enum PlanError: Error, Hashable, Sendable {
  /// No kernel takes this operation with these operands here.
  case unsupported(String, operands: [TensorType], reason: String, Origin)
  /// A pinned decision names a candidate the problem does not have here.
  case unknownCandidate(String, ProblemSignature, known: [String], Origin)
  /// An old version of a state is read after its successor was made: it would be overwritten in place.
  case staleState(String, Origin)
  /// A state's next value lives in another state.
  case aliasedState(String)
  /// A size does not fit, or a symbol has no range.
  case type(TypeError, Origin)
  case constant(TypeError, Origin)
}

extension PlanError: CustomStringConvertible {
  public var description: String { Printable.text(message) }

  private var message: String {
    func place(_ origin: Origin) -> String { origin.description.isEmpty ? "" : "\(origin): " }
    switch self {
    case .unsupported(let name, let operands, let reason, let origin):
      return
        "\(place(origin))\(name)(\(operands.map(\.description).joined(separator: ", "))) is not supported: \(reason)"
    case .unknownCandidate(let name, let signature, let known, let origin):
      return "\(place(origin))there is no candidate '\(name)' for \(signature) here; there are \(known)"
    case .staleState(let name, let origin):
      return "\(place(origin))reads the state '\(name)' after its next value was made in the same place"
    case .aliasedState(let name): return "the next value of state '\(name)' is part of another state; copy it first"
    case .type(let error, let origin), .constant(let error, let origin): return "\(place(origin))\(error)"
    }
  }
}

extension PlanError: HeddleError {
  public var kind: ErrorKind {
    switch self {
    case .unsupported: .unsupported
    case .unknownCandidate: .invalidArgument
    case .staleState, .aliasedState, .type, .constant: .invalidGraph
    }
  }
}
