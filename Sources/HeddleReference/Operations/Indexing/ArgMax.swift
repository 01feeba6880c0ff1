import HeddleGraph

extension ArgMax: ReferenceOperation {
  func evaluate(_ operands: [Tensor], _ context: ReferenceContext) throws -> [Tensor] {
    let x = try operands[0].floats()
    let width = operands[0].shape[operands[0].shape.count - 1]
    let y = stride(from: 0, to: x.count, by: width).map { start in
      var best = 0
      for d in 1..<max(width, 1) {
        if x[start + best].isNaN { break }
        if x[start + d].isNaN || x[start + d] > x[start + best] { best = d }
      }
      return Int32(clamping: x[start + best].isNaN ? -1 - best : best)
    }
    return [try Tensor(y, shape: context.shapes[0])]
  }
}
