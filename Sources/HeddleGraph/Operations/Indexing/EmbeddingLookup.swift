/// `y[t…, :] = table[ids[t…], :]`, decoded to float32.
///
/// - table `[V, D]`, any weight encoding; ids `[T…]` int32; result `[T…, D]` float32. V vocabulary, D width.
/// - An id outside `0 ..< V` gives a row of NaN: the table is never read outside its bounds, and the mistake shows.
public struct EmbeddingLookup: GraphOperation {
  public static let description = OperationDescription(
    "embeddingLookup", family: "Indexing", "y[t…, :] = table[ids[t…], :], a row of NaN for an id outside the table",
    operands: [.init("table", "[V, D], any weight encoding"), .init("ids", "[T…] i32")], result: "[T…, D] f32")

  public init() {}

  public func inferResults(_ operands: Operands) throws(InferenceError) -> [TensorType] {
    let table = try operands["table"]
    guard table.rank == 2 else { throw .rank(operand: "table", expected: "2", got: table) }
    guard table.encoding != .int32 else {
      throw .encoding(operand: "table", expected: "a weight encoding", got: table)
    }
    let ids = try operands.int32("ids")
    return [TensorType(.float32, ids.shape + [table.extent(1)])]
  }

  public func takesWeight(at operand: Int, of operands: [TensorType]) -> Bool { operand == 0 }
}

extension GraphBuilder {
  /// ``EmbeddingLookup``
  public func embeddingLookup(
    table: Value, ids: Value, label: String? = nil, file: String = #fileID, line: Int = #line
  ) throws(GraphError) -> Value {
    try single(EmbeddingLookup(), [table, ids], label, file, line)
  }
}
