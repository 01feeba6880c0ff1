import HeddleText

/// `y = left + right` or `y = left · right`, element by element; axes of extent 1 broadcast as in NumPy.
public struct Binary: GraphOperation {
  public static let description = OperationDescription(
    "binary", family: "Elementwise", "y = function(left, right), axes of extent 1 broadcast as in NumPy",
    operands: [.init("left", "[…] f32"), .init("right", "[…] f32")],
    members: [.init("function", .choice, choices: Function.allCases.map(\.rawValue))], result: "[…] f32")

  public enum Function: String, Hashable, Codable, Sendable, CaseIterable, ChoiceText {
    case add, multiply

    static let meaning = "a function of two values"
  }

  public var function: Function

  public init(function: Function) { self.function = function }

  public func inferResults(_ operands: Operands) throws(InferenceError) -> [TensorType] {
    let left = try operands.float32("left")
    let right = try operands.float32("right")
    return [TensorType(.float32, try Binary.broadcast(left.shape, right.shape, operands))]
  }

  /// The common shape: axes are matched from the last; equal extents stay, an extent of 1 stretches.
  static func broadcast(
    _ left: [Dimension], _ right: [Dimension], _ operands: Operands
  ) throws(InferenceError) -> [Dimension] {
    func padding(_ count: Int) -> [Dimension] { [Dimension](filled: 1, count: count) }  // Traps: never (clamped-count).
    let pairs = zip(padding(right.count &- left.count) + left, padding(left.count &- right.count) + right)
    var shape: [Dimension] = []
    for (axis, (a, b)) in pairs.enumerated() {
      if a == 1 {
        shape.append(b)
      } else if b == 1 {
        shape.append(a)
      } else {
        try operands.equal(a, b, "axis \(axis) of the broadcast operands")
        shape.append(a)
      }
    }
    return shape
  }
}

extension GraphBuilder {
  /// ``Binary``
  public func binary(
    _ function: Binary.Function, _ left: Value, _ right: Value, label: String? = nil, file: String = #fileID,
    line: Int = #line
  ) throws(GraphError) -> Value {
    try single(Binary(function: function), [left, right], label, file, line)
  }

  /// ``Binary``: the sum.
  public func add(
    _ left: Value, _ right: Value, label: String? = nil, file: String = #fileID, line: Int = #line
  ) throws(GraphError) -> Value {
    try binary(.add, left, right, label: label, file: file, line: line)
  }

  /// ``Binary``: the product.
  public func multiply(
    _ left: Value, _ right: Value, label: String? = nil, file: String = #fileID, line: Int = #line
  ) throws(GraphError) -> Value {
    try binary(.multiply, left, right, label: label, file: file, line: line)
  }
}
