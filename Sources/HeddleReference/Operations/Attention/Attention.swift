import HeddleGraph

extension Attention: ReferenceOperation {
  func evaluate(_ operands: [Tensor], _ context: ReferenceContext) throws -> [Tensor] {
    let (queries, keys, values) = (try operands[0].floats(), try operands[1].decoded(), try operands[2].decoded())
    let (tokens, queryHeads, width) = (operands[0].shape[0], operands[0].shape[1], operands[0].shape[2])
    let (capacity, keyHeads, valueWidth) = (operands[2].shape[0], operands[2].shape[1], operands[2].shape[2])
    let past = try context.extent(past)
    guard past <= capacity, tokens <= capacity - past else {
      throw ExecutionError.capacityExceeded("attention", needed: past &+ tokens, capacity: capacity)
    }
    var y: [Float] = []
    for t in 0..<tokens {
      for head in 0..<queryHeads {
        let group = head / (queryHeads / keyHeads)
        let query = (t * queryHeads + head) * width
        var scores: [Double] = []
        for j in 0...past + t {
          let key = (j * keyHeads + group) * width
          var sum = 0.0
          for d in 0..<width { sum += Double(queries[query + d]) * Double(keys[key + d]) }
          scores.append(Double(scale) * sum)
        }
        let weights = softmax(scores)
        for e in 0..<valueWidth {
          var sum = 0.0
          for (j, weight) in weights.enumerated() {
            sum += weight * Double(values[(j * keyHeads + group) * valueWidth + e])
          }
          y.append(Float(sum))
        }
      }
    }
    return [try Tensor(y, shape: context.shapes[0])]
  }
}
