import HeddleText

/// A tensor a session keeps from run to run: caches, counters. The node is the value *before* the run; the graph's state
/// updates name the value after it.
///
/// A state begins as a constant of the store if ``initial`` names one, else as zeros, and so again when a session is
/// reset. A state without an update keeps its value: what its owner writes between runs.
public struct State: GraphOperation {
  public static let description = OperationDescription(
    "state", family: "Leaves", "a tensor the session keeps: its value before the run",
    members: [.init("name", .text), .init("type", .type), .init("initial", .text, default: "null")],
    result: "type, dense or in blocks")

  public var name: String
  /// Symbols in the shape are bound when a session is made.
  public var type: TensorType
  /// The constant that holds the first value, of this type; nil for zeros.
  public var initial: ConstantID?

  public init(name: String, type: TensorType, initial: ConstantID? = nil) {
    self.name = name
    self.type = type
    self.initial = initial
  }

  public func inferResults(_ operands: Operands) throws(InferenceError) -> [TensorType] {
    if type.encoding.isMadeInBlocks, initial == nil, type.rank >= 2 {
      return [try operands.wholeBlocks("the state", type)]
    }
    guard type.encoding.isScalar else {
      throw .type("the state '\(name)' must be dense, or in blocks without an initial value, got \(type)")
    }
    guard initial == nil || type.shape.allSatisfy({ $0.constant != nil }) else {
      throw .type("the state '\(name)' has an initial value, so its shape must be fixed, got \(type)")
    }
    return [type]
  }

  public func effect(on operands: [TensorType]) -> Effect { .leaf(.state(name)) }
}

/// Names are compared by their bytes: see `Name`.
extension State {
  public static func == (left: State, right: State) -> Bool {
    left.name.hasSameBytes(as: right.name) && left.type == right.type && left.initial == right.initial
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(Name(name))
    hasher.combine(type)
    hasher.combine(initial)
  }
}

extension GraphBuilder {
  /// ``State``
  public func state(
    _ name: String, _ encoding: Encoding, _ shape: [Dimension], initial: ConstantID? = nil, file: String = #fileID,
    line: Int = #line
  ) throws(GraphError) -> Value {
    try single(State(name: name, type: TensorType(encoding, shape), initial: initial), [], name, file, line)
  }
}
