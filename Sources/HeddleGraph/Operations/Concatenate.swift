/// Tensors one after the other along one axis; all other axes equal.
///
/// Block-quantized tensors can be concatenated along any axis but the last, whose blocks stay whole.
public struct Concatenate: OperationPayload {
  public var axis: Int

  public init(axis: Int) { self.axis = axis }

  public func inferResults(_ operands: Operands) throws(InferenceError) -> [TensorType] {
    guard let first = operands.types.first else { throw .operandCount(expected: ["x", "…"], got: 0) }
    guard first.shape.indices.contains(axis) else { throw .attribute("axis", "\(axis) is not an axis of \(first)") }
    if case .blocks = first.encoding, axis == first.rank - 1 {
      throw .attribute("axis", "\(axis) is the axis of \(first) that holds its blocks")
    }
    var total: Dimension = 0
    for type in operands.types {
      var expected = first
      expected.shape[axis] = type.rank == first.rank ? type.shape[axis] : 0
      guard type == expected else { throw .type("operands must differ in axis \(axis) only, got \(first) and \(type)") }
      total = total + type.shape[axis]
    }
    var result = first
    result.shape[axis] = total
    return [result]
  }
}
