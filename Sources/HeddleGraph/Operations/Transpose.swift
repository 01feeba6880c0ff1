/// The axes in another order: axis `i` of the result is axis `permutation[i]` of x.
public struct Transpose: OperationPayload {
  public var permutation: [Int]

  public init(permutation: [Int]) { self.permutation = permutation }

  // Traps: never, the permutation is one of the axes.
  public func inferResults(_ operands: Operands) throws(InferenceError) -> [TensorType] {
    try operands.expect("x")
    let x = operands.types[0]
    guard x.encoding.isScalar else { throw .encoding(operand: "x", expected: "dense", got: x) }
    guard permutation.sorted() == Array(0..<x.rank) else {
      throw .attribute("permutation", "\(permutation) is not an order of the \(x.rank) axes of \(x)")
    }
    return [TensorType(x.encoding, permutation.map { x.shape[$0] })]
  }
}
