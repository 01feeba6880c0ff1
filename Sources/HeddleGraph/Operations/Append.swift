/// The cache with `x` written at rows `position ..< position + T`: functional here, in place on a device.
///
/// - cache `[C, …]`, x `[T, …]` of the same encoding and trailing axes, `position + T ≤ C`; result like cache.
/// - Rows are checked when a run binds its symbols: ``ExecutionError/capacityExceeded(_:needed:capacity:)``.
public struct Append: OperationPayload {
  public var position: Dimension

  public init(position: Dimension) { self.position = position }

  public func inferResults(_ operands: Operands) throws(InferenceError) -> [TensorType] {
    try operands.expect("cache", "x")
    let (cache, x) = (operands.types[0], operands.types[1])
    guard cache.encoding.isScalar, cache.rank >= 1 else {
      throw .encoding(operand: "cache", expected: "dense, of rank 1 or more", got: cache)
    }
    guard x.encoding == cache.encoding, x.shape.dropFirst() == cache.shape.dropFirst(), x.rank == cache.rank else {
      throw .type("x must be \(cache) but for the first axis, got \(x)")
    }
    try operands.require(position, "position")
    return [cache]
  }
}
