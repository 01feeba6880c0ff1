import HeddleGraph
import HeddleReference

extension TopK: CasedOperation {
  public static func cases() throws -> [OpCase] {
    var cases: [OpCase] = []
    for (number, (width, count)) in [
      (1, 1), (3, 5), (16, 4), (64, 64), (65, 7), (257, 20), (1000, 3), (0, 2), (20_000, 2),
    ].enumerated() {
      for (round, rows) in [[1], [5], [2, 3], [0]].enumerated() where width < 2000 || rows.count < 2 {
        let draft = CaseDraft(TopK.self, "\(count) of \(rows + [width])")
        let form = OperandForm.allCases[(number + round) % 4]
        cases.append(try make(draft, draft.units(rows + [width]), count, width == 0 ? .plain : form, round % 2 == 0))
      }
      let ties = CaseDraft(TopK.self, "ties \(count) of [4, \(width)]")
      cases.append(try make(ties, ties.wholes([4, width], 0...2), count, .plain, false))
    }
    for width in [5, 70] {
      let draft = CaseDraft(TopK.self, "special rows [6, \(width)]")
      var x = draft.random.units(6 * width)
      for d in 0..<width {
        x[d] = -.infinity
        x[width + d] = .nan
        x[2 * width + d] = d % 2 == 0 ? 0 : -0.0
        if d % 3 != 0 { x[3 * width + d] = d % 3 == 1 ? -.infinity : .nan }
        x[4 * width + d] = d % 4 == 0 ? 0x1p-140 : -0x1p-130
      }
      (x[5 * width], x[5 * width + width - 1], x[5 * width + 1]) = (.infinity, .infinity, -3e38)
      cases.append(try make(draft, Tensor(x, shape: [6, width]), 6, .plain, false))
    }
    return cases
  }

  private static func make(
    _ draft: CaseDraft, _ x: Tensor, _ count: Int, _ form: OperandForm, _ isSymbolic: Bool
  ) throws -> OpCase {
    var extents = x.shape.map { Dimension($0) }
    if isSymbolic, extents.count > 1 { extents[0] = try draft.builder.symbol("rows", in: 0...64) }
    let y = try draft.builder.topK(draft.input("x", x, extents, form: form), count: count)
    return try draft.finish(
      ["values": y.values, "indices": y.indices], .exact, floatingPointOperations: x.elementCount * count,
      zerosAreRight: true)
  }
}
