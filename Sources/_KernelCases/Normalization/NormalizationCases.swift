import Foundation
import HeddleGraph
import HeddleReference

extension KernelCases {
  static func rmsNorm() throws -> [OpCase] {
    var cases: [OpCase] = []
    var number = 0
    for width in [1, 7, 31, 32, 33, 64, 576, 1000, 1536] {
      for rows in [[1], [3], [17], [33], [2, 3], []] {
        let form = OperandForm.allCases[number % 4]
        let epsilon: Float = [1e-5, 1e-6, 0.5][number % 3]
        cases.append(
          try rmsNorm("\(rows + [width]) \(epsilon)", rows + [width], epsilon, form, isSymbolic: number % 2 == 0) { _ in
          })
        number += 1
      }
    }
    let specials: [(String, Float)] = [
      ("NaN", .nan), ("inf", .infinity), ("-inf", -.infinity), ("1e20", 1e20), ("denormal", 0x1p-133), ("1e18", 1e18),
    ]
    for (name, special) in specials {
      for width in [7, 64, 1000] {
        cases.append(
          try rmsNorm("\(name) in [3, \(width)]", [3, width], 1e-5, .plain, isSymbolic: false) {
            $0[width + 2] = special
          })
      }
    }
    cases.append(
      try rmsNorm("zeros [5, 64]", [5, 64], 1e-5, .plain, isSymbolic: false, zerosAreRight: true) { values in
        for index in values.indices { values[index] = index % 2 == 0 ? 0 : -0.0 }
      })
    let huge = "1e20 everywhere [2, 33]"
    cases.append(
      try rmsNorm(huge, [2, 33], 1e-5, .plain, isSymbolic: false, zerosAreRight: true) { values in
        for index in values.indices { values[index] = index % 2 == 0 ? 1e20 : -1e20 }
      })
    for (name, epsilon) in [("-0", -0.0), ("0", 0), ("subnormal", 0x1p-130), ("great", 1e30)] as [(String, Float)] {
      cases.append(try rmsNorm("epsilon \(name) [2, 33]", [2, 33], epsilon, .plain, isSymbolic: false) { _ in })
    }
    cases.append(try rmsNorm("none [0, 64]", [0, 64], 1e-5, .plain, isSymbolic: true) { _ in })
    return cases
  }

  static func rmsNorm(
    _ name: String, _ shape: [Int], _ epsilon: Float, _ form: OperandForm, isSymbolic: Bool,
    zerosAreRight: Bool = false, _ change: (inout [Float]) -> Void = { _ in }
  ) throws -> OpCase {
    let draft = CaseDraft("Normalization", .rmsNorm, "\(name) \(form)\(isSymbolic ? " symbolic" : "")")
    let width = shape[shape.count - 1]
    var values = draft.random.units(shape.reduce(1, *)).map { $0 * 3 }
    change(&values)
    let x = try Tensor(values, shape: shape)
    let weight = try Tensor(draft.random.units(width).map { $0 * 0.5 + 1 }, shape: [width])
    var extents = shape.map { Dimension($0) }
    if isSymbolic, shape.count > 1 { extents[0] = try draft.builder.symbol("tokens", in: 0...64) }
    let y = try draft.builder.rmsNorm(
      draft.input("x", x, extents, form: form), weight: draft.constant("weight", weight), epsilon: epsilon)
    // The sum rounds D times and its root halves that; root, quotient and two products round twice each, doubled.
    // A row whose sum of squares overflows has a zero for every finite value.
    return try draft.finish(
      ["y": y], .relative(roundings: Double(width) + 20, smallest: 0x1p-124),
      floatingPointOperations: 4 * values.count, zerosAreRight: zerosAreRight)
  }

  static func softmax() throws -> [OpCase] {
    var cases: [OpCase] = []
    var number = 0
    for width in [1, 2, 15, 16, 17, 33, 64, 257, 1000] {
      for rows in [[1], [5], [16], [2, 3, 2], []] {
        let form = OperandForm.allCases[number % 4]
        cases.append(try softmax("\(rows + [width])", rows + [width], form, isSymbolic: number % 2 == 0) { _ in })
        number += 1
      }
    }
    for width in [3, 17, 64] {
      cases.append(
        try softmax("special rows [8, \(width)]", [8, width], .plain, isSymbolic: false) { values in
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
      try softmax("wide range [3, 65]", [3, 65], .plain, isSymbolic: true) { values in
        for index in values.indices { values[index] *= 20 }
      })
    cases.append(try softmax("no rows [0, 16]", [0, 16], .plain, isSymbolic: true) { _ in })
    cases.append(try softmax("no columns [3, 0]", [3, 0], .plain, isSymbolic: false) { _ in })
    return cases
  }

  static func softmax(
    _ name: String, _ shape: [Int], _ form: OperandForm, isSymbolic: Bool,
    _ change: (inout [Float]) -> Void = { _ in }
  ) throws -> OpCase {
    let draft = CaseDraft("Normalization", .softmax, "\(name) \(form)\(isSymbolic ? " symbolic" : "")")
    var values = draft.random.units(shape.reduce(1, *)).map { $0 * 4 }
    change(&values)
    let x = try Tensor(values, shape: shape)
    var extents = shape.map { Dimension($0) }
    if isSymbolic, shape.count > 1 { extents[0] = try draft.builder.symbol("rows", in: 0...64) }
    let y = try draft.builder.softmax(draft.input("x", x, extents, form: form))
    let input = values
    return try draft.finish(
      ["y": y], .bounded { ["y": softmaxBound(input, width: shape[shape.count - 1])] },
      floatingPointOperations: 4 * values.count, zerosAreRight: true)
  }

  /// `η = u·(∣x − max∣ + 8)` for the rounded difference and a 4 ulp exponential, the mean of η and D roundings for
  /// the sum: `∣Δy∣ ≤ 2·y·(η + η̄ + D·u)`. What lies below the least normal number may be lost.
  private static func softmaxBound(_ values: [Float], width: Int) -> [Double] {
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
