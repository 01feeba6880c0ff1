/// The axes in another order: axis `i` of the result is axis `permutation[i]` of x.
public struct Transpose: GraphOperation {
  public static let description = OperationDescription(
    "transpose", family: "Layout", "axis i of the result is axis permutation[i] of x",
    operands: [.init("x", "[…], dense")], members: [.init("permutation", .integers)], result: "[…] like x")

  public var permutation: [Int]

  public init(permutation: [Int]) { self.permutation = permutation }

  public func inferResults(_ operands: Operands) throws(InferenceError) -> [TensorType] {
    let x = try operands["x"]
    guard x.encoding.isScalar else { throw .encoding(operand: "x", expected: "dense", got: x) }
    guard permutation.sorted() == Array(x.shape.indices) else {
      throw .attribute("permutation", "\(permutation) is not an order of the \(x.rank) axes of \(x)")
    }
    return [TensorType(x.encoding, permutation.map { x.extent($0) })]
  }

  public func effect(on operands: [TensorType]) -> Effect { .view(of: 0) }
}

extension GraphBuilder {
  /// ``Transpose``
  public func transpose(
    _ x: Value, _ permutation: [Int], label: String? = nil, file: String = #fileID, line: Int = #line
  ) throws(GraphError) -> Value {
    try single(Transpose(permutation: permutation), [x], label, file, line)
  }
}
