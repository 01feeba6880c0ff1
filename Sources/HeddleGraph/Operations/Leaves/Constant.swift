/// A tensor that never changes: a handle into a ``ConstantStore``, outside the graph.
public struct Constant: GraphOperation {
  public static let description = OperationDescription(
    "constant", family: "Leaves", "a tensor of the constant store, which never changes",
    members: [.init("id", .text), .init("type", .type)], result: "type, of fixed shape")

  public var id: ConstantID
  public var type: TensorType

  public init(id: ConstantID, type: TensorType) {
    self.id = id
    self.type = type
  }

  public func inferResults(_ operands: Operands) throws(InferenceError) -> [TensorType] {
    guard type.shape.allSatisfy({ $0.constant != nil }) else {
      throw .type("the constant '\(id)' must have a fixed shape, got \(type)")
    }
    return [type]
  }

  public func effect(on operands: [TensorType]) -> Effect { .leaf(.constant(id)) }
}

extension GraphBuilder {
  /// ``Constant``: the type comes from the store.
  public func constant(
    _ id: ConstantID, in store: ConstantStore, label: String? = nil, file: String = #fileID, line: Int = #line
  ) throws(GraphError) -> Value {
    guard let type = try? store.type(id) else {
      throw .unknownConstant(id, Origin(file: file, line: line))
    }
    return try single(Constant(id: id, type: type), [], label ?? id.name, file, line)
  }
}
