import HeddleGraph

extension LightningIndexer: ReferenceOperation {
  func evaluate(_ operands: [Tensor], _ context: ReferenceContext) throws -> [Tensor] {
    let (queries, keys, weights) = (try operands[0].floats(), try operands[1].decoded(), try operands[2].floats())
    let (tokens, heads, width) = (operands[0].shape[0], operands[0].shape[1], operands[0].shape[2])
    let (past, capacity) = (try context.extent(past), operands[1].shape[0])
    guard past <= capacity, tokens <= capacity - past else {
      throw ExecutionError.capacityExceeded("lightningIndexer", needed: past &+ tokens, capacity: capacity)
    }
    var indices: [Int32] = []
    for token in 0..<tokens {
      let scores = (0...past + token).map { key in
        (0..<heads).reduce(0.0) { sum, head in
          let row = token * heads + head
          let product = (0..<width).reduce(0.0) {
            $0 + Double(queries[row * width + $1]) * Double(keys[key * width + $1])
          }
          return sum + Double(weights[row]) * (product < 0 ? 0 : product)
        } * Double(scale)
      }
      let numbers = scores.indices.filter { !scores[$0].isNaN }.sorted { (scores[$1], $0) < (scores[$0], $1) }
      let chosen = (numbers + scores.indices.filter { scores[$0].isNaN }).prefix(count)
      indices += chosen.map { Int32($0) } + [Int32](repeating: -1, count: count - chosen.count)
    }
    return [try Tensor(indices, shape: context.shapes[0])]
  }
}
