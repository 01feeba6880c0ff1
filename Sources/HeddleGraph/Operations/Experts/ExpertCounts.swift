/// `y[e] = how many of indices are e`: the load of each expert.
///
/// - indices `[…]` int32, as ``Route`` gives them; result `[experts]` int32.
/// - An index outside `0 ..< experts` counts for none.
public struct ExpertCounts: GraphOperation {
  public static let description = OperationDescription(
    "expertCounts", family: "Experts", "y[e] = how many of indices are e",
    operands: [.init("indices", "[…] i32")], members: [.init("experts", .integer)], result: "[experts] i32")

  public var experts: Int

  public init(experts: Int) { self.experts = experts }

  public func inferResults(_ operands: Operands) throws(InferenceError) -> [TensorType] {
    let indices = try operands.int32("indices")
    guard (0...Int(Int32.max)).contains(experts) else {
      throw .attribute("experts", "must be 0 to \(Int32.max), got \(experts)")
    }
    try operands.require(indices.elementCount, "the number of indices", atMost: Dimension(Int(Int32.max)))
    return [TensorType(.int32, [Dimension(experts)])]
  }
}

extension GraphBuilder {
  /// ``ExpertCounts``
  public func expertCounts(
    _ indices: Value, experts: Int, label: String? = nil, file: String = #fileID, line: Int = #line
  ) throws(GraphError) -> Value {
    try single(ExpertCounts(experts: experts), [indices], label, file, line)
  }
}
