import HeddleGraph

extension SelectKeys: ReferenceOperation {
  func evaluate(_ operands: [Tensor], _ context: ReferenceContext) throws -> [Tensor] {
    let indices = try operands[0].integers().map { Int($0) }
    let (keys, count) = (try context.extent(keys), operands[0].shape[2])
    let words = (keys + 31) / 32
    var bits = [Int32](repeating: 0, count: operands[0].shape[0] * operands[0].shape[1] * words)
    for row in 0..<operands[0].shape[0] * operands[0].shape[1] {
      for index in indices[row * count..<(row + 1) * count] where index >= 0 {
        for key in min(index * block, keys)..<min(index * block + block, keys) {
          bits[row * words + key / 32] |= Int32(truncatingIfNeeded: 1 << (key % 32))
        }
      }
    }
    let row = operands[0].shape[1] * words
    let repeated = (0..<operands[0].shape[0]).flatMap { list in
      (0..<queries).flatMap { _ in bits[list * row..<(list + 1) * row] }
    }
    return [try Tensor(repeated, shape: context.shapes[0])]
  }
}
