import HeddleGraph
import HeddleReference

extension Binary: CasedOperation {
  /// One rounding each: exact, but that a device may flush what is below the least normal number.
  public static func cases() throws -> [OpCase] {
    let shapes: [([Int], [Int])] = [
      ([1], [1]), ([15], [15]), ([16], [16]), ([17], [17]), ([3, 33], [3, 33]), ([64, 65], [64, 65]), ([5, 7], [7]),
      ([5, 1], [1, 9]), ([2, 3, 4], [3, 1]), ([1, 31], [16, 31]), ([], [4, 3]), ([], []), ([2, 1, 3, 1], [4, 1, 5]),
      ([0, 5], [0, 5]), ([0, 5], [1, 5]), ([2, 3, 4, 2, 3], [2, 1, 4, 1, 3]), ([33, 576], [33, 576]), ([1000], [1]),
    ]
    var cases: [OpCase] = []
    for function in Binary.Function.allCases {
      for (number, shape) in shapes.enumerated() {
        for round in 0..<2 {
          let forms = (OperandForm.allCases[(number + round) % 4], OperandForm.allCases[(number * 2 + round) % 4])
          cases.append(try make(function, shape, forms, isSymbolic: round == 1))
        }
      }
      let specials: [Float] = [
        .nan, .infinity, -.infinity, 0, -0.0, 1, -1, 3.4e38, -3.4e38, 1e-30, -0x1p-100, 0.1, 16_777_216, 1e20,
      ]
      let draft = CaseDraft(Binary.self, "\(function.rawValue) special values", seed: "elementwise")
      let left = try Tensor(specials, shape: [14, 1])
      let right = try Tensor(specials, shape: [1, 14])
      cases.append(try make(draft, function, draft.input("left", left), draft.input("right", right)))
      let tiny = CaseDraft(Binary.self, "\(function.rawValue) denormals", seed: "elementwise")
      let denormals: [Float] = [0x1p-133, -0x1p-130, 0x1p-149, -0x1.8p-127, 0x1p-140, 1.5, -1, 0.75]
      cases.append(
        try make(
          tiny, function, tiny.input("left", Tensor(denormals, shape: [8, 1])),
          tiny.input("right", Tensor(denormals, shape: [1, 8])),
          .relative(roundings: 0, smallest: 3 * 0x1p-126)))
    }
    return cases
  }

  static func make(
    _ function: Binary.Function, _ shape: ([Int], [Int]), _ forms: (OperandForm, OperandForm), isSymbolic: Bool
  ) throws -> OpCase {
    let draft = CaseDraft(
      Binary.self, "\(function.rawValue) \(shape.0) \(shape.1) \(forms.0) \(forms.1)\(isSymbolic ? " symbolic" : "")",
      seed: "elementwise")
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
    return try make(draft, function, left, right)
  }

  private static func make(
    _ draft: CaseDraft, _ function: Binary.Function, _ left: Value, _ right: Value,
    _ tolerance: Tolerance = .exact
  ) throws -> OpCase {
    let y = try draft.builder.apply(Binary(function: function), [left, right])[0]
    let count = try y.type.elementCount.extent(draft.bindings)
    return try draft.finish(["y": y], tolerance, floatingPointOperations: count)
  }
}
