import HeddleGraph

extension TopK: ReferenceOperation {
  func evaluate(_ operands: [Tensor], _ context: ReferenceContext) throws -> [Tensor] {
    let x = try operands[0].floats()
    let width = operands[0].shape[operands[0].shape.count - 1]
    let rows = operands[0].shape.dropLast().reduce(1, *)
    var (values, indices): ([Float], [Int32]) = ([], [])
    for start in (0..<rows).map({ $0 * width }) {
      let chosen = (0..<width).filter { !x[start + $0].isNaN && x[start + $0] > -.infinity }
        .sorted { (x[start + $1], $0) < (x[start + $0], $1) }.prefix(count)
      values += chosen.map { x[start + $0] } + [Float](repeating: -.infinity, count: count - chosen.count)
      indices += chosen.map { Int32($0) } + [Int32](repeating: -1, count: count - chosen.count)
    }
    return [try Tensor(values, shape: context.shapes[0]), try Tensor(indices, shape: context.shapes[1])]
  }
}
