import HeddleText

/// What is wrong with a graph; each case carries what is needed to find it.
public enum GraphError: Error, Hashable, Sendable {
  /// JSON that is none, or no graph's; `place` is the path to the member, `nodes.3.operation`.
  case invalidJSON(place: String, problem: String)
  case invalidOperation(String, operands: [TensorType], InferenceError, Origin)
  case wrongResults(String, expected: [TensorType], got: [TensorType], Origin)
  case unknownValue(ValueID, Origin)
  case foreignValue(Origin)
  case duplicateName(String)
  case symbolRange(SymbolDeclaration)
  /// A symbol's name that is no identifier.
  case symbolName(String)
  /// A name that holds a NUL, which ends a text in C: nobody could say it there.
  case nameWithNUL(String)
  case unknownState(String)
  case stateType(String, expected: TensorType, got: TensorType)
  case unknownConstant(ConstantID, Origin)
}

extension GraphError: CustomStringConvertible {
  public var description: String { Printable.text(message) }

  private var message: String {
    switch self {
    case .invalidJSON(let place, let problem): place.isEmpty ? problem : "\(place): \(problem)"
    case .invalidOperation(let name, let operands, let reason, let origin):
      "\(GraphError.place(origin))\(name)(\(operands.map(\.description).joined(separator: ", "))): \(reason)"
    case .wrongResults(let name, let expected, let got, let origin):
      "\(GraphError.place(origin))\(name) gives \(expected), not \(got)"
    case .unknownValue(let value, let origin): "\(GraphError.place(origin))the value \(value) does not come first"
    case .foreignValue(let origin): "\(GraphError.place(origin))an operand belongs to another graph builder"
    case .duplicateName(let name): "the name '\(name)' is used twice"
    case .symbolRange(let declaration):
      "the range of \(declaration.symbol) must be in order and not negative, got "
        + "\(declaration.minimum)...\(declaration.maximum)"
    case .symbolName(let name):
      "a symbol's name is letters, digits and '_', no digit first, so that expressions can hold it; got \(name.debugDescription)"
    case .nameWithNUL(let name): "the name \(name.debugDescription) holds a NUL, where a text ends in C"
    case .unknownState(let name): "there is no state '\(name)' to update"
    case .stateType(let name, let expected, let got): "the state '\(name)' is \(expected), its update \(got)"
    case .unknownConstant(let id, let origin):
      "\(GraphError.place(origin))the constant store has no constant '\(id)'"
    }
  }

  private static func place(_ origin: Origin) -> String {
    let text = origin.description
    return text.isEmpty ? "" : "\(text): "
  }
}

extension GraphError: HeddleError {
  public var kind: ErrorKind { .invalidGraph }
}
