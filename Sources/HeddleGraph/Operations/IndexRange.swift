/// `y[i] = start + i`, int32 of shape `[count]`: the positions of a chunk of tokens.
public struct IndexRange: OperationPayload {
  public var start: Dimension
  public var count: Dimension

  public init(start: Dimension, count: Dimension) {
    self.start = start
    self.count = count
  }

  public func inferResults(_ operands: Operands) throws(InferenceError) -> [TensorType] {
    try operands.expect()
    try operands.require(count, "count")
    try operands.require(start, "start")
    try operands.require(start + count, "start + count", atMost: Dimension(Int(Int32.max)))
    return [TensorType(.int32, [count])]
  }
}
