/// The cache with `x` written at rows `position ..< position + T`: functional here, in place on a device.
///
/// - cache `[C, …]`, x `[T, …]` of the same encoding and trailing axes, `position + T ≤ C`; result like cache.
/// - Rows are checked when a run binds its symbols: ``ExecutionError/capacityExceeded(_:needed:capacity:)``.
public struct Append: GraphOperation {
  public static let description = OperationDescription(
    "append", family: "Layout", "cache with x written at rows position ..< position + T",
    operands: [.init("cache", "[C, …], dense"), .init("x", "[T, …] like cache")],
    members: [.init("position", .dimension)], result: "[C, …] like cache")

  public var position: Dimension

  public init(position: Dimension) { self.position = position }

  public func inferResults(_ operands: Operands) throws(InferenceError) -> [TensorType] {
    let (cache, x) = (try operands["cache"], try operands["x"])
    guard case .dense = cache.encoding, cache.rank >= 1 else {
      throw .encoding(operand: "cache", expected: "dense, of rank 1 or more", got: cache)
    }
    guard x.encoding == cache.encoding, x.shape.dropFirst() == cache.shape.dropFirst(), x.rank == cache.rank else {
      throw .type("x must be \(cache) but for the first axis, got \(x)")
    }
    try operands.require(position, "position")
    return [cache]
  }

  public func effect(on operands: [TensorType]) -> Effect { .writes(0) }

  public func capacities(_ operands: [TensorType]) -> [Capacity] {
    guard let cache = operands.first, let x = operands.dropFirst().first else { return [] }
    return [Capacity(first: position, count: x.extent(0), capacity: cache.extent(0))]
  }
}

extension GraphBuilder {
  /// ``Append``
  public func append(
    _ x: Value, to cache: Value, at position: Dimension, label: String? = nil, file: String = #fileID,
    line: Int = #line
  ) throws(GraphError) -> Value {
    try single(Append(position: position), [cache, x], label, file, line)
  }
}
