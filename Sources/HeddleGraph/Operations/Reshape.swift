/// The same values in row-major order under another shape of as many elements.
public struct Reshape: OperationPayload {
  public var shape: [Dimension]

  public init(shape: [Dimension]) { self.shape = shape }

  public func inferResults(_ operands: Operands) throws(InferenceError) -> [TensorType] {
    try operands.expect("x")
    let x = operands.types[0]
    guard x.encoding.isScalar else { throw .encoding(operand: "x", expected: "dense", got: x) }
    let result = TensorType(x.encoding, shape)
    try operands.equal(x.elementCount, result.elementCount, "the elements of \(x) and of the new shape")
    for (axis, extent) in shape.enumerated() { try operands.require(extent, "axis \(axis)") }
    return [result]
  }
}
