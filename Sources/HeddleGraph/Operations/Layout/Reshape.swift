/// The same values in row-major order under another shape of as many elements.
public struct Reshape: GraphOperation {
  public static let description = OperationDescription(
    "reshape", family: "Layout", "the same values in row-major order under another shape",
    operands: [.init("x", "[…], dense")], members: [.init("shape", .dimensions)], result: "shape, like x")

  public var shape: [Dimension]

  public init(shape: [Dimension]) { self.shape = shape }

  public func inferResults(_ operands: Operands) throws(InferenceError) -> [TensorType] {
    let x = try operands["x"]
    guard case .dense = x.encoding else { throw .encoding(operand: "x", expected: "dense", got: x) }
    let result = TensorType(x.encoding, shape)
    try operands.equal(x.elementCount, result.elementCount, "the elements of \(x) and of the new shape")
    for (axis, extent) in shape.enumerated() { try operands.require(extent, "axis \(axis)") }
    return [result]
  }

  public func effect(on operands: [TensorType]) -> Effect { .view(of: 0) }
}

extension GraphBuilder {
  /// ``Reshape``
  public func reshape(
    _ x: Value, to shape: [Dimension], label: String? = nil, file: String = #fileID, line: Int = #line
  ) throws(GraphError) -> Value {
    try single(Reshape(shape: shape), [x], label, file, line)
  }
}
