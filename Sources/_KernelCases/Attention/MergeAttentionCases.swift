import Foundation
import HeddleGraph
import HeddleReference

extension MergeAttention: CasedOperation {
  public static func cases() throws -> [OpCase] {
    var cases: [OpCase] = []
    for (tokens, heads, width, spread) in [(1, 1, 1, 1), (3, 4, 8, 5), (5, 2, 70, 40), (2, 3, 256, 200)]
      as [(Int, Int, Int, Float)]
    {
      for form in [.plain, .sliced] as [OperandForm] {
        cases.append(try make([tokens, heads, width], spread: spread, form))
      }
    }
    cases.append(try make([0, 2, 8], spread: 1, .plain))
    cases.append(try make([2, 2, 0], spread: 1, .plain))
    return cases
  }

  /// Two parts, some of which saw no key and hold NaN.
  private static func make(_ shape: [Int], spread: Float, _ form: OperandForm) throws -> OpCase {
    let draft = CaseDraft(MergeAttention.self, "\(shape) spread \(spread)" + (form == .plain ? "" : " \(form)"))
    let rows = shape[0] * shape[1]
    var parts: [(values: [Float], sums: [Float])] = (0..<2).map { _ in
      (draft.random.units(rows * shape[2]), draft.random.units(rows).map { $0 * spread })
    }
    for row in 0..<rows where row % 3 != 0 {
      parts[row % 2].sums[row] = -.infinity
      for place in row * shape[2]..<(row + 1) * shape[2] { parts[row % 2].values[place] = .nan }
      if row % 6 == 5 { parts[0].sums[row] = -.infinity }
    }
    let operands = try parts.flatMap { part in
      [try Tensor(part.values, shape: shape), try Tensor(part.sums, shape: [shape[0], shape[1]])]
    }
    let inputs = try zip(["first", "firstLogSumExp", "second", "secondLogSumExp"], operands).map { name, tensor in
      try draft.input(name, tensor, form: tensor.shape.count == 3 ? form : .plain)
    }
    let results = try draft.builder.apply(MergeAttention(), inputs)
    // Weights are off by a rounding of the distance and few more; a mean is off by that of its values.
    let unit = Tolerance.unit
    var (output, sums): ([Double], [Double]) = ([], [])
    for row in 0..<rows {
      let logs = parts.map { Double($0.sums[row]) }
      let distance = logs.contains(-.infinity) ? 0 : abs(logs[0] - logs[1])
      sums.append((logs.filter { $0.isFinite }.map { abs($0) }.max() ?? 0) * 4 * unit + 16 * unit)
      for place in row * shape[2]..<(row + 1) * shape[2] {
        let magnitude = parts.map { Double($0.values[place]) }.filter { !$0.isNaN }.map { abs($0) }.max() ?? 0
        output.append(2 * magnitude * (distance + 16) * unit + 0x1p-120)
      }
    }
    let bounds = ["y": output, "logSumExp": sums]
    return try draft.finish(
      ["y": results[0], "logSumExp": results[1]], .bounded { bounds }, floatingPointOperations: 4 * rows * shape[2])
  }
}
