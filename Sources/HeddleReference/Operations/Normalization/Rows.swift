import HeddleGraph

/// Calls `body` with each row of the last axis and gives the rows' results one after the other.
func mapRows(_ x: Tensor, _ body: ([Float]) -> [Float]) throws -> [Float] {
  let values = try x.floats()
  let width = x.shape[x.shape.count - 1]
  return stride(from: 0, to: values.count, by: width).flatMap { body(Array(values[$0..<$0 + width])) }
}
