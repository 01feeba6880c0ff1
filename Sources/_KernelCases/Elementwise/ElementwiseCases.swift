import HeddleGraph
import HeddleReference

extension KernelCases {
  /// One rounding each: exact, but that a device may flush what is below the least normal number.
  static func elementwise() throws -> [OpCase] {
    let shapes: [([Int], [Int])] = [
      ([1], [1]), ([15], [15]), ([16], [16]), ([17], [17]), ([3, 33], [3, 33]), ([64, 65], [64, 65]), ([5, 7], [7]),
      ([5, 1], [1, 9]), ([2, 3, 4], [3, 1]), ([1, 31], [16, 31]), ([], [4, 3]), ([], []), ([2, 1, 3, 1], [4, 1, 5]),
      ([0, 5], [0, 5]), ([0, 5], [1, 5]), ([2, 3, 4, 2, 3], [2, 1, 4, 1, 3]), ([33, 576], [33, 576]), ([1000], [1]),
    ]
    var cases: [OpCase] = []
    for function in Elementwise.Function.allCases {
      for (number, shape) in shapes.enumerated() {
        for round in 0..<2 {
          let forms = (OperandForm.allCases[(number + round) % 4], OperandForm.allCases[(number * 2 + round) % 4])
          cases.append(try elementwise(function, shape, forms, isSymbolic: round == 1))
        }
      }
      let specials: [Float] = [
        .nan, .infinity, -.infinity, 0, -0.0, 1, -1, 3.4e38, -3.4e38, 1e-30, -0x1p-100, 0.1, 16_777_216, 1e20,
      ]
      let draft = CaseDraft("Elementwise", .elementwise, "\(function.rawValue) special values")
      let left = try Tensor(specials, shape: [14, 1])
      let right = try Tensor(specials, shape: [1, 14])
      cases.append(try elementwise(draft, function, draft.input("left", left), draft.input("right", right)))
      let tiny = CaseDraft("Elementwise", .elementwise, "\(function.rawValue) denormals")
      let denormals: [Float] = [0x1p-133, -0x1p-130, 0x1p-149, -0x1.8p-127, 0x1p-140, 1.5, -1, 0.75]
      cases.append(
        try elementwise(
          tiny, function, tiny.input("left", Tensor(denormals, shape: [8, 1])),
          tiny.input("right", Tensor(denormals, shape: [1, 8])),
          .relative(roundings: 0, smallest: 3 * 0x1p-126)))
    }
    return cases
  }

  static func elementwise(
    _ function: Elementwise.Function, _ shape: ([Int], [Int]), _ forms: (OperandForm, OperandForm), isSymbolic: Bool
  ) throws -> OpCase {
    let draft = CaseDraft(
      "Elementwise", .elementwise,
      "\(function.rawValue) \(shape.0) \(shape.1) \(forms.0) \(forms.1)\(isSymbolic ? " symbolic" : "")")
    var extents = (shape.0.map { Dimension($0) }, shape.1.map { Dimension($0) })
    let rank = max(shape.0.count, shape.1.count)
    if isSymbolic, rank > 0 {
      // The first axis of the result, in each operand that has it and does not stretch.
      let extent = try draft.builder.symbol("n", in: 0...1000)
      let first = max(shape.0.count == rank ? shape.0[0] : 1, shape.1.count == rank ? shape.1[0] : 1)
      let isEmpty = (shape.0 + shape.1).contains(0)
      if shape.0.count == rank, isEmpty ? shape.0[0] == 0 : shape.0[0] == first { extents.0[0] = extent }
      if shape.1.count == rank, isEmpty ? shape.1[0] == 0 : shape.1[0] == first { extents.1[0] = extent }
      draft.bindings["n"] = isEmpty ? 0 : first
    }
    let left = try draft.input("left", draft.units(shape.0), extents.0, form: forms.0)
    let right = try draft.input("right", draft.units(shape.1), extents.1, form: forms.1)
    return try elementwise(draft, function, left, right)
  }

  private static func elementwise(
    _ draft: CaseDraft, _ function: Elementwise.Function, _ left: Value, _ right: Value,
    _ tolerance: Tolerance = .exact
  ) throws -> OpCase {
    let y = try draft.builder.apply(.elementwise(Elementwise(function: function)), [left, right])[0]
    let count = try y.type.elementCount.extent(draft.bindings)
    return try draft.finish(["y": y], tolerance, floatingPointOperations: count)
  }

  static func gatedSiLU() throws -> [OpCase] {
    var cases: [OpCase] = []
    for (number, shape) in [[1], [15], [16, 17], [3, 33], [5, 1536], [0, 64], [2, 3, 31], [64, 65], []].enumerated() {
      for round in 0..<4 {
        let forms = (OperandForm.allCases[(number + round) % 4], OperandForm.allCases[(2 * number + round) % 4])
        let draft = CaseDraft(
          "Elementwise", .gatedSiLU, "\(shape) \(forms.0) \(forms.1) \(round)\(round % 2 == 0 ? "" : " symbolic")")
        var extents = shape.map { Dimension($0) }
        if round % 2 == 1, !shape.isEmpty {
          extents[0] = try draft.builder.symbol("tokens", in: 0...64)
        }
        let gate = try draft.units(shape, times: [1, 10, 60, 4][round])
        let up = try draft.units(shape, times: 2)
        let y = try draft.builder.gatedSiLU(
          gate: draft.input("gate", gate, extents, form: forms.0), up: draft.input("up", up, extents, form: forms.1))
        cases.append(
          try draft.finish(["y": y], gatedSiLUTolerance, floatingPointOperations: 4 * shape.reduce(1, *)))
      }
    }
    // exp(−gate) overflows below −88.7; where the gate is −∞ the quotient is NaN.
    let gates: [Float] = [-200, -104, -95, -89, -88, -87, -20, -1e-30, -0.0, 0, 1e-30, 20, 88, 200, 1e30]
    let ups: [Float] = [1, -1, 0, -0.0, 1e-3, 1e3, .nan]
    let special: [(String, [Float], [Float])] = [
      ("large gates", gates, ups), ("gates not finite", [.nan, .infinity, -.infinity], [1, -1, .nan]),
      ("ups not finite", [1, -1, 20, -20], [.infinity, -.infinity, .nan]),
    ]
    for (name, gates, ups) in special {
      let draft = CaseDraft("Elementwise", .gatedSiLU, name)
      let pairs = gates.flatMap { gate in ups.map { (gate, $0) } }
      let gate = try Tensor(pairs.map(\.0), shape: [gates.count, ups.count])
      let up = try Tensor(pairs.map(\.1), shape: [gates.count, ups.count])
      let y = try draft.builder.gatedSiLU(gate: draft.input("gate", gate), up: draft.input("up", up))
      cases.append(
        try draft.finish(
          ["y": y], gatedSiLUTolerance, floatingPointOperations: 4 * pairs.count, zerosAreRight: true))
    }
    return cases
  }

  /// A 4 ulp exponential, a sum, a quotient and a product; below a gate of −88.7 the exponential is infinite and the
  /// result zero, where the true one is at most 2.8e−37 · ∣up∣, ∣up∣ ≤ 1000.
  private static var gatedSiLUTolerance: Tolerance { .relative(roundings: 24, smallest: 5e-34) }
}
