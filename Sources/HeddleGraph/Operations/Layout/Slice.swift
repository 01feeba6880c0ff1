/// The part `start ..< start + count` of one axis.
public struct Slice: GraphOperation {
  public static let description = OperationDescription(
    "slice", family: "Layout", "the part start ..< start + count of an axis",
    operands: [.init("x", "[…], dense")],
    members: [.init("axis", .integer), .init("start", .dimension), .init("count", .dimension)], result: "[…] like x")

  public var axis: Int
  public var start: Dimension
  public var count: Dimension

  public init(axis: Int, start: Dimension, count: Dimension) {
    self.axis = axis
    self.start = start
    self.count = count
  }

  public func inferResults(_ operands: Operands) throws(InferenceError) -> [TensorType] {
    let x = try operands["x"]
    guard case .dense = x.encoding else { throw .encoding(operand: "x", expected: "dense", got: x) }
    guard x.shape.indices.contains(axis) else { throw .attribute("axis", "\(axis) is not an axis of \(x)") }
    try operands.require(start, "start")
    try operands.require(count, "count")
    try operands.require(start + count, "start + count", atMost: x.extent(axis))
    return [x.replacing(axis, count)]
  }

  public func effect(on operands: [TensorType]) -> Effect { .view(of: 0) }
}

extension GraphBuilder {
  /// ``Slice``
  public func slice(
    _ x: Value, axis: Int, start: Dimension, count: Dimension, label: String? = nil, file: String = #fileID,
    line: Int = #line
  ) throws(GraphError) -> Value {
    try single(Slice(axis: axis, start: start, count: count), [x], label, file, line)
  }
}
