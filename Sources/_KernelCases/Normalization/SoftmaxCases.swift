import Foundation
import HeddleGraph
import HeddleReference

extension Softmax: CasedOperation {
  public static func cases() throws -> [OpCase] {
    var cases: [OpCase] = []
    var number = 0
    for width in [1, 2, 15, 16, 17, 33, 64, 257, 1000] {
      for rows in [[1], [5], [16], [2, 3, 2], []] {
        let form = OperandForm.allCases[number % 4]
        cases.append(try make("\(rows + [width])", rows + [width], form, isSymbolic: number % 2 == 0) { _ in })
        number += 1
      }
    }
    for width in [3, 17, 64] {
      cases.append(
        try make("special rows [8, \(width)]", [8, width], .plain, isSymbolic: false) { values in
          values[0] = -.infinity
          for d in 0..<width { values[width + d] = -.infinity }
          values[2 * width + 1] = .nan
          values[3 * width + 1] = .infinity
          for d in 0..<width { values[4 * width + d] = 3e38 }
          for d in 0..<width { values[5 * width + d] = d == 1 ? 88 : -88 }
          for d in 1..<width { values[6 * width + d] = -.infinity }
        })
    }
    cases.append(
      try make("wide range [3, 65]", [3, 65], .plain, isSymbolic: true) { values in
        for index in values.indices { values[index] *= 20 }
      })
    cases.append(try make("no rows [0, 16]", [0, 16], .plain, isSymbolic: true) { _ in })
    cases.append(try make("no columns [3, 0]", [3, 0], .plain, isSymbolic: false) { _ in })
    return cases
  }

  static func make(
    _ name: String, _ shape: [Int], _ form: OperandForm, isSymbolic: Bool,
    _ change: (inout [Float]) -> Void = { _ in }
  ) throws -> OpCase {
    let draft = CaseDraft(Softmax.self, "\(name) \(form)\(isSymbolic ? " symbolic" : "")")
    var values = draft.random.units(shape.reduce(1, *)).map { $0 * 4 }
    change(&values)
    let x = try Tensor(values, shape: shape)
    var extents = shape.map { Dimension($0) }
    if isSymbolic, shape.count > 1 { extents[0] = try draft.builder.symbol("rows", in: 0...64) }
    let y = try draft.builder.softmax(draft.input("x", x, extents, form: form))
    let input = values
    return try draft.finish(
      ["y": y], .bounded { ["y": bound(input, width: shape[shape.count - 1])] },
      floatingPointOperations: 4 * values.count, zerosAreRight: true)
  }

  /// `η = u·(∣x − max∣ + 8)` for the rounded difference and a 4 ulp exponential, the mean of η and D roundings for
  /// the sum: `∣Δy∣ ≤ 2·y·(η + η̄ + D·u)`. What lies below the least normal number may be lost.
  private static func bound(_ values: [Float], width: Int) -> [Double] {
    stride(from: 0, to: values.count, by: max(width, 1)).flatMap { start in
      let row = values[start..<start + width].map { Double($0) }
      let maximum = row.reduce(-Double.infinity) { $1 > $0 ? $1 : $0 }
      let exponentials = row.map { exp($0 - maximum) }
      let total = exponentials.reduce(0, +)
      let offs = zip(row, exponentials).map { x, e in e == 0 ? 0 : Tolerance.unit * (abs(x - maximum) + 8) }
      let mean = zip(exponentials, offs).reduce(0) { $0 + $1.0 / total * $1.1 }
      return zip(exponentials, offs).map { e, off in
        2 * e / total * (off + mean + Double(width) * Tolerance.unit) + 0x1p-125
      }
    }
  }
}
