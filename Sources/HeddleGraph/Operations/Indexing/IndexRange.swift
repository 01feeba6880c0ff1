/// `y[i] = start + i`, int32 of shape `[count]`: the positions of a chunk of tokens.
public struct IndexRange: GraphOperation {
  public static let description = OperationDescription(
    "range", family: "Indexing", "y[i] = start + i",
    members: [.init("start", .dimension), .init("count", .dimension)], result: "[count] i32")

  public var start: Dimension
  public var count: Dimension

  public init(start: Dimension, count: Dimension) {
    self.start = start
    self.count = count
  }

  public func inferResults(_ operands: Operands) throws(InferenceError) -> [TensorType] {
    try operands.require(count, "count")
    try operands.require(start, "start")
    try operands.require(start + count, "start + count", atMost: Dimension(Int(Int32.max)))
    return [TensorType(.int32, [count])]
  }
}

extension GraphBuilder {
  /// ``IndexRange``
  public func range(
    from start: Dimension, count: Dimension, label: String? = nil, file: String = #fileID, line: Int = #line
  ) throws(GraphError) -> Value {
    try single(IndexRange(start: start, count: count), [], label, file, line)
  }
}
