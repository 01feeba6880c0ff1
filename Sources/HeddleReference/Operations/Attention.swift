import Foundation
import HeddleGraph

extension CausalAttention: ReferenceOperation {
  func evaluate(_ operands: [Tensor], _ context: ReferenceContext) throws -> [Tensor] {
    let (queries, keys, values) = (try operands[0].floats(), try operands[1].floats(), try operands[2].floats())
    let (tokens, queryHeads, width) = (operands[0].shape[0], operands[0].shape[1], operands[0].shape[2])
    let (capacity, keyHeads, valueWidth) = (operands[2].shape[0], operands[2].shape[1], operands[2].shape[2])
    let past = try context.extent(past)
    guard past <= capacity, tokens <= capacity - past else {
      throw ExecutionError.capacityExceeded("causalAttention", needed: past &+ tokens, capacity: capacity)
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

extension RotaryEmbedding: ReferenceOperation {
  func evaluate(_ operands: [Tensor], _ context: ReferenceContext) throws -> [Tensor] {
    let x = try operands[0].floats()
    let positions = try operands[1].integers()
    let factors = operands.count == 3 ? try operands[2].floats() : []
    let (heads, width) = (operands[0].shape[1], operands[0].shape[2])
    let frequencies = frequencies
    var y = x
    for (t, position) in positions.enumerated() {
      for head in 0..<heads {
        let row = (t * heads + head) * width
        for (i, frequency) in frequencies.enumerated() {
          var angle = Double(position) * Double(frequency)
          if !factors.isEmpty { angle /= Double(factors[i]) }
          let (a, b) =
            switch pairing {
            case .interleaved: (row + 2 * i, row + 2 * i + 1)
            case .halves: (row + i, row + i + rotatedDimensions / 2)
            }
          y[a] = Float(Double(x[a]) * cos(angle) - Double(x[b]) * sin(angle))
          y[b] = Float(Double(x[a]) * sin(angle) + Double(x[b]) * cos(angle))
        }
      }
    }
    return [try Tensor(y, shape: context.shapes[0])]
  }
}

extension Append: ReferenceOperation {
  func evaluate(_ operands: [Tensor], _ context: ReferenceContext) throws -> [Tensor] {
    let (cache, x) = (operands[0], operands[1])
    let (capacity, rows, position) = (cache.shape[0], x.shape[0], try context.extent(position))
    guard position <= capacity, rows <= capacity - position else {
      throw ExecutionError.capacityExceeded("append", needed: position &+ rows, capacity: capacity)
    }
    let start = position * AxisBytes(cache.shape, axis: 0, byteCount: cache.bytes.count).inner
    var bytes = cache.bytes
    bytes.replaceSubrange(start..<start + x.bytes.count, with: x.bytes)
    return [try Tensor(encoding: cache.encoding, shape: cache.shape, bytes: bytes)]
  }
}
