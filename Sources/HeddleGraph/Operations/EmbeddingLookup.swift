/// `y[t…, :] = table[ids[t…], :]`, decoded to float32.
///
/// - table `[V, D]`, any weight encoding; ids `[T…]` int32; result `[T…, D]` float32. V vocabulary, D width.
/// - An id outside `0 ..< V` gives a row of NaN: the table is never read outside its bounds, and the mistake shows.
public struct EmbeddingLookup: OperationPayload {
  public init() {}

  // Traps: never, the operands' ranks are checked first.
  public func inferResults(_ operands: Operands) throws(InferenceError) -> [TensorType] {
    try operands.expect("table", "ids")
    let table = operands.types[0]
    guard table.rank == 2 else { throw .rank(operand: "table", expected: "2", got: table) }
    guard table.encoding != .int32 else {
      throw .encoding(operand: "table", expected: "a weight encoding", got: table)
    }
    let ids = try operands.int32(1, "ids")
    return [TensorType(.float32, ids.shape + [table.shape[1]])]
  }
}
