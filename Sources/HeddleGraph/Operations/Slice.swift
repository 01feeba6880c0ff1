/// The part `start ..< start + count` of one axis.
public struct Slice: OperationPayload {
  public var axis: Int
  public var start: Dimension
  public var count: Dimension

  public init(axis: Int, start: Dimension, count: Dimension) {
    self.axis = axis
    self.start = start
    self.count = count
  }

  // Traps: never, the axis is checked first.
  public func inferResults(_ operands: Operands) throws(InferenceError) -> [TensorType] {
    try operands.expect("x")
    let x = operands.types[0]
    guard x.encoding.isScalar else { throw .encoding(operand: "x", expected: "dense", got: x) }
    guard x.shape.indices.contains(axis) else { throw .attribute("axis", "\(axis) is not an axis of \(x)") }
    try operands.require(start, "start")
    try operands.require(count, "count")
    try operands.require(start + count, "start + count", atMost: x.shape[axis])
    var shape = x.shape
    shape[axis] = count
    return [TensorType(x.encoding, shape)]
  }
}
