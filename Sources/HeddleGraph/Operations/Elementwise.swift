/// `y = left + right` or `y = left · right`, element by element; axes of extent 1 broadcast as in NumPy.
public struct Elementwise: OperationPayload {
  public enum Function: String, Hashable, Codable, Sendable, CaseIterable, ChoiceText {
    case add, multiply

    static let meaning = "a function of two values"
  }

  public var function: Function

  public init(function: Function) { self.function = function }

  public func inferResults(_ operands: Operands) throws(InferenceError) -> [TensorType] {
    try operands.expect("left", "right")
    let left = try operands.float32(0, "left")
    let right = try operands.float32(1, "right")
    return [TensorType(.float32, try Elementwise.broadcast(left.shape, right.shape, operands))]
  }

  // Traps: never, the ranks are counts of arrays, and the greater is `rank`.
  /// The common shape: axes are matched from the last; equal extents stay, an extent of 1 stretches.
  static func broadcast(
    _ left: [Dimension], _ right: [Dimension], _ operands: Operands
  ) throws(InferenceError) -> [Dimension] {
    let rank = max(left.count, right.count)
    var shape: [Dimension] = []
    for axis in 0..<rank {
      let a = axis < rank - left.count ? 1 : left[axis - (rank - left.count)]
      let b = axis < rank - right.count ? 1 : right[axis - (rank - right.count)]
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
