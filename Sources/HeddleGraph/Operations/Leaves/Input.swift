import HeddleText

/// A tensor given at each run.
public struct Input: GraphOperation {
  public static let description = OperationDescription(
    "input", family: "Leaves", "a tensor given at each run",
    members: [.init("name", .text), .init("type", .type)], result: "type")

  public var name: String
  public var type: TensorType

  public init(name: String, type: TensorType) {
    self.name = name
    self.type = type
  }

  public func inferResults(_ operands: Operands) throws(InferenceError) -> [TensorType] { [type] }

  public func effect(on operands: [TensorType]) -> Effect { .leaf(.input(name)) }
}

/// Names are compared by their bytes: see `Name`.
extension Input {
  public static func == (left: Input, right: Input) -> Bool {
    left.name.hasSameBytes(as: right.name) && left.type == right.type
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(Name(name))
    hasher.combine(type)
  }
}

extension GraphBuilder {
  /// ``Input``
  public func input(
    _ name: String, _ encoding: Encoding, _ shape: [Dimension], file: String = #fileID, line: Int = #line
  ) throws(GraphError) -> Value {
    try single(Input(name: name, type: TensorType(encoding, shape)), [], name, file, line)
  }
}
