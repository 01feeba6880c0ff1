import Foundation
import HeddleGraph

extension Route: ReferenceOperation {
  func evaluate(_ operands: [Tensor], _ context: ReferenceContext) throws -> [Tensor] {
    let logits = try operands[0].floats()
    let (tokens, experts) = (operands[0].shape[0], operands[0].shape[1])
    let named = Dictionary(uniqueKeysWithValues: zip(roles.map(\.name), operands))
    let bias = try named["bias"]?.floats()
    let load = try named["load"].map { try $0.encoding == .int32 ? $0.integers().map { Float($0) } : $0.floats() }
    let used = try used.map { try context.extent($0) } ?? count
    var (indices, weights): ([Int32], [Float]) = ([], [])
    for t in 0..<tokens {
      let row = logits[t * experts..<(t + 1) * experts].map { Double($0) / Double(temperature) }
      let values = scores.values(row).enumerated().map { e, score in
        load.map { score / (Double($0[e]) + Double(epsilon)) } ?? score
      }
      var chosen: [Int?]
      if let table = named["table"], let ids = named["ids"] {
        chosen = try listed(table.integers(), rows: table.shape[0], id: Int(ids.integers()[t]), experts: experts)
      } else {
        chosen = choice(values.enumerated().map { Float($1) + (bias?[$0] ?? 0) })
      }
      chosen = chosen.enumerated().map { $0 < used ? $1 : nil }
      indices += chosen.map { Int32($0 ?? -1) }
      weights += share(chosen.map { $0.map { values[$0] } })
    }
    return [try Tensor(indices, shape: context.shapes[0]), try Tensor(weights, shape: context.shapes[1])]
  }

  /// The experts of a token that a table names.
  private func listed(_ table: [Int32], rows: Int, id: Int, experts: Int) -> [Int?] {
    guard (0..<rows).contains(id) else { return Array(repeating: nil, count: count) }
    return table[id * count..<(id + 1) * count].map { (0..<experts).contains(Int($0)) ? Int($0) : nil }
  }

  /// The places of the greatest values, in order, of groups that are kept.
  private func choice(_ values: [Float]) -> [Int] {
    guard let groups else { return Route.inOrder(values, Array(values.indices), count) }
    let size = values.count / groups.count
    let members = (0..<groups.count).map { Array($0 * size..<($0 + 1) * size) }
    let totals = members.map { group in
      let best = Route.inOrder(values, group, groups.score == .greatest ? 1 : 2).map { values[$0] }
      return best.dropFirst().reduce(best.first ?? 0, +)
    }
    let kept = Route.inOrder(totals, Array(totals.indices), groups.kept)
    return Route.inOrder(values, kept.sorted().flatMap { members[$0] }, count)
  }

  /// The first `count` places by value, greatest first, NaN last; of equals the lowest place.
  private static func inOrder(_ values: [Float], _ places: [Int], _ count: Int) -> [Int] {
    let numbers = places.filter { !values[$0].isNaN }.sorted { (values[$1], $0) < (values[$0], $1) }
    return Array((numbers + places.filter { values[$0].isNaN }).prefix(count))
  }

  /// The weights of what was chosen; 0 of what is no expert.
  private func share(_ chosen: [Double?]) -> [Float] {
    var values = chosen
    if scores == .softmaxOfChosen {
      let greatest = chosen.compactMap { $0 }.filter { !$0.isNaN }.max() ?? -.infinity
      values = chosen.map { $0.map { exp($0 - greatest) } }
      let sum = values.reduce(0) { $0 + ($1 ?? 0) }
      values = values.map { $0.map { $0 / sum } }
    }
    let sum = normalizes ? values.reduce(0) { $0 + ($1 ?? 0) } + 1e-20 : 1
    return values.map { $0.map { Float($0 / sum * Double(scale)) } ?? 0 }
  }
}

extension Route.Scores {
  fileprivate func values(_ z: [Double]) -> [Double] {
    switch self {
    case .softmax:
      let greatest = z.filter { !$0.isNaN }.max() ?? -.infinity
      let sum = z.reduce(0) { $0 + exp($1 - greatest) }
      return z.map { exp($0 - greatest) / sum }
    case .sigmoid: return z.map { 1 / (1 + exp(-$0)) }
    case .sqrtSoftplus: return z.map { (($0 > 0 ? $0 : 0) + log1p(exp(-abs($0)))).squareRoot() }
    case .softmaxOfChosen: return z
    }
  }
}
