import HeddleGraph
import HeddleReference

extension RMSNorm: CasedOperation {
  public static func cases() throws -> [OpCase] {
    var cases: [OpCase] = []
    var number = 0
    for width in [1, 7, 31, 32, 33, 64, 576, 1000, 1536] {
      for rows in [[1], [3], [17], [33], [2, 3], []] {
        let form = OperandForm.allCases[number % 4]
        let epsilon: Float = [1e-5, 1e-6, 0.5][number % 3]
        cases.append(
          try make("\(rows + [width]) \(epsilon)", rows + [width], epsilon, form, isSymbolic: number % 2 == 0) { _ in
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
          try make("\(name) in [3, \(width)]", [3, width], 1e-5, .plain, isSymbolic: false) {
            $0[width + 2] = special
          })
      }
    }
    cases.append(
      try make("zeros [5, 64]", [5, 64], 1e-5, .plain, isSymbolic: false, zerosAreRight: true) { values in
        for index in values.indices { values[index] = index % 2 == 0 ? 0 : -0.0 }
      })
    let huge = "1e20 everywhere [2, 33]"
    cases.append(
      try make(huge, [2, 33], 1e-5, .plain, isSymbolic: false, zerosAreRight: true) { values in
        for index in values.indices { values[index] = index % 2 == 0 ? 1e20 : -1e20 }
      })
    for (name, epsilon) in [("-0", -0.0), ("0", 0), ("subnormal", 0x1p-130), ("great", 1e30)] as [(String, Float)] {
      cases.append(try make("epsilon \(name) [2, 33]", [2, 33], epsilon, .plain, isSymbolic: false) { _ in })
    }
    cases.append(try make("none [0, 64]", [0, 64], 1e-5, .plain, isSymbolic: true) { _ in })
    return cases
  }

  static func make(
    _ name: String, _ shape: [Int], _ epsilon: Float, _ form: OperandForm, isSymbolic: Bool,
    zerosAreRight: Bool = false, _ change: (inout [Float]) -> Void = { _ in }
  ) throws -> OpCase {
    let draft = CaseDraft(RMSNorm.self, "\(name) \(form)\(isSymbolic ? " symbolic" : "")")
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
}
