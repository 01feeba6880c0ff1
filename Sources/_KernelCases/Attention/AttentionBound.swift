import Foundation
import HeddleGraph
import HeddleReference

extension Attention {
  /// How far a float32 attention can be off, twice over.
  ///
  /// A score is off by `δ = (D + 2)·u·∣scale∣·Σ∣q·k∣` and its distance to the maximum is rounded, so the weight
  /// `p = exp(s − m)` is off by `η = e^(2δ + u·∣s − m∣ + 8u) − 1` of itself, the normalizer by the mean of η, and the
  /// sum over n keys by `(n + 8)·u`: `∣Δy∣ ≤ 2·Σ p·∣v∣·(η + η̄ + (n + 8)·u)`. A weighted mean is never further off
  /// than twice the greatest value. Weights below the least normal number may be lost. A soft cap adds its own roundings, and
  /// makes no error greater; what is added to a score is rounded with it; a sink is a score without an error; a score of −∞ counts
  /// for nothing; the log-sum-exp is off by what the scores and their sum are, and by its last rounding.
  ///
  /// - Parameter operands: queries, keys, values and what the operation takes beside them.
  static func attentionBound(
    _ operands: [Tensor], past: Int, _ operation: Attention
  ) throws -> (output: [Double], logSumExp: [Double]) {
    let scale = Double(operation.scale)
    let (q, k) = (try operands[0].floats(), try operands[1].decoded())
    let stored = operands[operation.valueLength == nil ? 2 : 1]
    let v = try stored.decoded()
    let (tokens, queryHeads, width) = (operands[0].shape[0], operands[0].shape[1], operands[0].shape[2])
    let axes = stored.shape.count
    let (keyHeads, valueRow) = (stored.shape[axes - 2], stored.shape[axes - 1])
    let valueWidth = operation.valueLength ?? valueRow
    let places = try AttentionPlaces(operation, operands, past: past)
    let unit = Tolerance.unit
    var (bounds, sums): ([Double], [Double]) = ([], [])
    for t in 0..<tokens {
      for head in 0..<queryHeads {
        let group = head / (queryHeads / keyHeads)
        // The row of each score, nil of the sink.
        var counted: [Int?] = []
        var scores: [Double] = []
        var errors: [Double] = []
        for place in places.seen(by: t, group: group) {
          let (query, key) = ((t * queryHeads + head) * width, (place.row * keyHeads + group) * width)
          var (sum, magnitude) = (0.0, 0.0)
          for d in 0..<width {
            let product = Double(q[query + d]) * Double(k[key + d])
            sum += product
            magnitude += abs(product)
          }
          let terms = places.terms(token: t, head: head, key: place.key)
          let score = operation.score(sum) + terms.reduce(0, +)
          guard scale * sum != -.infinity, score != -.infinity else { continue }
          counted.append(place.row)
          scores.append(score)
          errors.append(
            Double(width + 2) * unit * abs(scale) * magnitude + 8 * unit * abs(operation.score(sum))
              + Double(operation.softCap ?? 0) * 0x1p-126 + terms.reduce(0) { $0 + 4 * unit * abs($1) })
        }
        if let sink = places.sink(head), sink != -.infinity {
          counted.append(nil)
          scores.append(sink)
          errors.append(0)
        }
        let count = counted.count
        let maximum = scores.max() ?? 0
        let exponentials = scores.map { exp($0 - maximum) }
        let total = exponentials.reduce(0, +)
        let greatestError = errors.max() ?? 0
        let weights = exponentials.map { $0 / total }
        let offs = zip(scores, errors).map { score, error in
          expm1(error + greatestError + unit * (abs(score - maximum) + 8))
        }
        sums.append(
          count == 0
            ? 0 : 2 * (greatestError + Double(count + 8) * unit + (abs(maximum) + log(total) + 1) * 4 * unit))
        let mean = zip(weights, offs).reduce(0) { $0 + $1.0 * $1.1 }
        for e in 0..<valueWidth {
          var (bound, greatest) = (0.0, 0.0)
          for (index, row) in counted.enumerated() {
            guard let row else { continue }
            let value = abs(Double(v[(row * keyHeads + group) * valueRow + e]))
            bound += weights[index] * value * (offs[index] + mean + Double(count + 8) * unit)
            greatest = max(greatest, value)
          }
          bounds.append(min(2 * bound + Double(count) * greatest * 0x1p-120, 2 * greatest))
        }
      }
    }
    return (bounds, sums)
  }
}
