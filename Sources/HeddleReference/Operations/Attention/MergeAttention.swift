import Foundation
import HeddleGraph

extension MergeAttention: ReferenceOperation {
  func evaluate(_ operands: [Tensor], _ context: ReferenceContext) throws -> [Tensor] {
    let parts = try operands.map { try $0.floats() }
    let width = operands[0].shape[2]
    var (y, sums): ([Float], [Float]) = ([], [])
    for (row, (first, second)) in zip(parts[1], parts[3]).enumerated() {
      let logs = [first, second].map(Double.init)
      let greatest = logs.contains { $0.isNaN } ? Double.nan : max(logs[0], logs[1])
      let weights = logs.map { $0 == -.infinity ? 0 : exp($0 - greatest) }
      let total = weights[0] + weights[1]
      sums.append(total == 0 ? -.infinity : Float(greatest + log(total)))
      for place in row * width..<(row + 1) * width {
        let shares = zip(weights, [parts[0][place], parts[2][place]]).map { $0 == 0 ? 0 : $0 / total * Double($1) }
        y.append(Float(shares[0] + shares[1]))
      }
    }
    return [try Tensor(y, shape: context.shapes[0]), try Tensor(sums, shape: context.shapes[1])]
  }
}
