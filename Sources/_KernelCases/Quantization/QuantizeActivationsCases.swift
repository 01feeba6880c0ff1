import HeddleGraph
import HeddleReference

extension QuantizeActivations: CasedOperation {
  public static func cases() throws -> [OpCase] {
    var cases: [OpCase] = []
    for (number, shape) in [[32], [1, 64], [5, 96], [33, 32], [2, 3, 160], [0, 32], [4, 0], [17, 576]].enumerated() {
      for form in [OperandForm.plain, OperandForm.allCases[number % 4]] {
        let draft = CaseDraft(QuantizeActivations.self, "\(shape) \(form) \(number)")
        var extents = shape.map { Dimension($0) }
        if shape.count > 1, number % 2 == 0 { extents[0] = try draft.builder.symbol("rows", in: 0...64) }
        let x = try draft.input("x", draft.units(shape, times: 3), extents, form: form)
        cases.append(try draft.finish(["y": draft.builder.quantizeActivations(x)], .exact))
        if form == OperandForm.allCases[number % 4] { break }
      }
    }
    // Ties, signed zeros, magnitudes whose scale has no inverse, the greatest ones, and what is no number.
    let draft = CaseDraft(QuantizeActivations.self, "special blocks")
    var values = draft.random.units(32 * 12)
    let specials: [[Float]] = [
      (0..<32).map { Float($0) - 15.5 } + [], [Float](repeating: -0.0, count: 32), [1e-40, -1e-44], [1.5e-36, 1e-38],
      [.greatestFiniteMagnitude, -1e38], [.nan], [.infinity, 1], [-.infinity, .nan], [127, 0.5, 1.5, 2.5, -0.5, -1.5],
      [254, 1, 3, 5, -1, -3], [0x1p-126 * 127, 0x1p-126],
    ]
    for (block, special) in specials.enumerated() {
      for (index, value) in special.enumerated() { values[32 * block + index] = value }
      if special.count > 1, special.count < 32 {
        for index in special.count..<32 { values[32 * block + index] *= special[0].isFinite ? abs(special[0]) : 1 }
      }
    }
    let x = try draft.input("x", Tensor(values, shape: [3, 128]))
    cases.append(try draft.finish(["y": draft.builder.quantizeActivations(x)], .exact))
    return cases
  }
}
