/// The greatest values of the last axis, in order, and their indices. Of equals the one of the lowest index is first.
///
/// - x `[…, D]` float32; results values `[…, count]` float32 and indices `[…, count]` int32.
/// - −∞ and NaN are never chosen: where no other number is left, the value is −∞ and the index −1. So −∞ excludes, and
///   what takes indices passes over −1.
/// - A row is read `count` times.
public struct TopK: GraphOperation {
  public static let description = OperationDescription(
    "topK", family: "Indexing",
    "the greatest values of the last axis in order and their indices, lowest first of equals; −∞ and −1 where there is no more",
    operands: [.init("x", "[…, D] f32")], members: [.init("count", .integer)],
    result: "[…, count] f32, and […, count] i32")

  /// How many are chosen.
  public var count: Int

  public init(count: Int) { self.count = count }

  public func inferResults(_ operands: Operands) throws(InferenceError) -> [TensorType] {
    let x = try operands.float32("x")
    guard let width = x.shape.last else { throw .rank(operand: "x", expected: "1 or more", got: x) }
    guard (1...Int(Int32.max)).contains(count) else {
      throw .attribute("count", "must be 1 to \(Int32.max), got \(count)")
    }
    try operands.require(width, "the last axis", atMost: Dimension(Int(Int32.max)))
    let shape = x.shape.dropLast() + [Dimension(count)]
    return [TensorType(.float32, Array(shape)), TensorType(.int32, Array(shape))]
  }
}

extension GraphBuilder {
  /// ``TopK``
  public func topK(
    _ x: Value, count: Int, label: String? = nil, file: String = #fileID, line: Int = #line
  ) throws(GraphError) -> (values: Value, indices: Value) {
    let results = try apply(TopK(count: count), [x], label: label, file: file, line: line)
    guard let values = results.first, let indices = results.dropFirst().first else {
      throw .invalidOperation(TopK.name, operands: [], .type("gives no indices"), Origin(file: file, line: line))
    }
    return (values, indices)
  }
}
