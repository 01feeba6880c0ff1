import HeddleGraph

/// What an operation may know beside its operands.
struct ReferenceContext {
  /// The concrete shape of each result.
  let shapes: [[Int]]
  let bindings: Bindings

  /// The value of a symbolic attribute.
  func extent(_ dimension: Dimension) throws -> Int { try dimension.extent(bindings) }
}

/// An operation that the reference computes from host tensors of the types its node was checked for.
///
/// Sums run in float64; each result is rounded to float32 once. Only called if some result has elements.
protocol ReferenceOperation: GraphOperation {
  func evaluate(_ operands: [Tensor], _ context: ReferenceContext) throws -> [Tensor]
}
