import Foundation
import HeddleGraph

extension Attention: ReferenceOperation {
  func evaluate(_ operands: [Tensor], _ context: ReferenceContext) throws -> [Tensor] {
    let (queries, keys) = (try operands[0].floats(), try operands[1].decoded())
    let values = valueLength == nil ? try operands[2].decoded() : keys
    let (tokens, queryHeads, width) = (operands[0].shape[0], operands[0].shape[1], operands[0].shape[2])
    let shape = operands[valueLength == nil ? 2 : 1].shape.suffix(3) as ArraySlice<Int>
    let (keyHeads, valueRow) = (shape.dropFirst().first ?? 0, shape.last ?? 0)
    let valueWidth = valueLength ?? valueRow
    let past = try context.extent(past)
    let places = try AttentionPlaces(self, operands, past: past)
    let capacity = places.keysPerSequence
    if isWithinCapacity {
      guard past <= capacity, tokens <= capacity - past else {
        throw ExecutionError.capacityExceeded("attention", needed: past &+ tokens, capacity: capacity)
      }
    }
    var (y, sums): ([Float], [Float]) = ([], [])
    for t in 0..<tokens {
      for head in 0..<queryHeads {
        let group = head / (queryHeads / keyHeads)
        let seen = places.seen(by: t, group: group)
        let query = (t * queryHeads + head) * width
        let scores = seen.map { place in
          let key = (place.row * keyHeads + group) * width
          return score((0..<width).reduce(0.0) { $0 + Double(queries[query + $1]) * Double(keys[key + $1]) })
            + places.terms(token: t, head: head, key: place.key).reduce(0, +)
        }
        let sum = logSumExp(of: scores + [places.sink(head)].compactMap { $0 })
        sums.append(Float(sum))
        for e in 0..<valueWidth {
          y.append(
            sum == -.infinity
              ? 0
              : Float(
                zip(seen, scores).reduce(0.0) {
                  $0 + exp($1.1 - sum) * Double(values[($1.0.row * keyHeads + group) * valueRow + e])
                }))
        }
      }
    }
    let output = try Tensor(y, shape: context.shapes[0])
    return try [output] + (logSumExp ? [Tensor(sums, shape: context.shapes[1])] : [])
  }

  /// The score of a product of a query and a key, before anything is added.
  package func score(_ product: Double) -> Double {
    let score = Double(scale) * product
    guard let softCap else { return score }
    return Double(softCap) * tanh(score / Double(softCap))
  }

  private func logSumExp(of scores: [Double]) -> Double {
    let greatest = scores.contains { $0.isNaN } ? Double.nan : scores.max() ?? -.infinity
    guard greatest != -.infinity else { return greatest }
    return greatest + log(scores.reduce(0) { $0 + exp($1 - greatest) })
  }
}
