import HeddleText

/// An input, a state or an output of a graph: where a session holds a tensor, and where a caller's memory can stand instead.
public enum TensorPlace: Codable, Sendable {
  case input(String)
  case state(String)
  case output(String)

  public var name: String {
    switch self {
    case .input(let name), .state(let name), .output(let name): name
    }
  }

  /// Whether a run writes it: a state or an output.
  public var isWritten: Bool { if case .input = self { false } else { true } }
}

/// Names are compared by their bytes: see `Name`.
extension TensorPlace: Hashable {
  public static func == (left: TensorPlace, right: TensorPlace) -> Bool {
    left.kind == right.kind && left.name.hasSameBytes(as: right.name)
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(kind)
    hasher.combine(Name(name))
  }

  private var kind: Int {
    switch self {
    case .input: 0
    case .state: 1
    case .output: 2
    }
  }
}

extension Graph {
  /// Every place of a tensor, and its type.
  public var tensorPlaces: [TensorPlace: TensorType] {
    var types: [TensorPlace: TensorType] = [:]
    for input in inputs { types[.input(input.name)] = input.type }
    for state in states { types[.state(state.name)] = state.type }
    for output in outputs { types[.output(output.name)] = type(of: output.value) }
    return types
  }
}
