import HeddleGraph
import HeddleReference

extension ArgMax: CasedOperation {
  public static func cases() throws -> [OpCase] {
    var cases: [OpCase] = []
    for (number, width) in [1, 2, 15, 16, 17, 31, 33, 64, 65, 257, 1000, 49_152].enumerated() {
      for (round, rows) in [[1], [5], [2, 3], [], [0]].enumerated() where width < 2000 || rows.count < 2 {
        let form = OperandForm.allCases[(number + round) % 4]
        let draft = CaseDraft(ArgMax.self, "\(rows + [width]) \(form)")
        cases.append(try make(draft, draft.units(rows + [width]), form, isSymbolic: round % 2 == 0))
      }
      let ties = CaseDraft(ArgMax.self, "ties [7, \(width)]")
      cases.append(try make(ties, ties.wholes([7, width], 0...2), .plain, isSymbolic: false))
    }
    for width in [3, 17, 64, 300] {
      let draft = CaseDraft(ArgMax.self, "special rows [9, \(width)]")
      var x = draft.random.units(9 * width)
      for d in 0..<width {
        x[d] = -.infinity
        x[width + d] = .nan
        x[2 * width + d] = d % 2 == 0 ? 0 : -0.0
        x[7 * width + d] = -3e38
        x[8 * width + d] = 0.25
      }
      x[3 * width + width - 1] = .nan
      x[4 * width + 1] = .nan
      x[4 * width + 2] = .nan
      (x[5 * width], x[5 * width + width - 1]) = (.infinity, .nan)
      x[6 * width + width - 1] = .infinity
      cases.append(try make(draft, Tensor(x, shape: [9, width]), .plain, isSymbolic: false))
    }
    return cases
  }

  static func make(
    _ draft: CaseDraft, _ x: Tensor, _ form: OperandForm, isSymbolic: Bool
  ) throws -> OpCase {
    var extents = x.shape.map { Dimension($0) }
    if isSymbolic, extents.count > 1 { extents[0] = try draft.builder.symbol("rows", in: 0...64) }
    let y = try draft.builder.argmax(draft.input("x", x, extents, form: form))
    return try draft.finish(["y": y], .exact, floatingPointOperations: x.elementCount, zerosAreRight: true)
  }
}
