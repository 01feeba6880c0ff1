import HeddleGraph
import HeddleReference

extension Reshape: CasedOperation {
  public static func cases() throws -> [OpCase] {
    var cases: [OpCase] = []
    let targets = [
      [1, 1], [1, 17, 1], [35], [4, 4, 33], [65, 64], [4, 3], [6, 35], [5, 24], [3, 0, 9], [62, 33],
    ]
    for (number, (shape, target)) in zip(LayoutCases.shapes, targets).enumerated() {
      for (round, form) in OperandForm.allCases.enumerated() {
        let encoding = LayoutCases.encodings[(number + round) % 3]
        let draft = CaseDraft(Reshape.self, "\(encoding) \(shape) to \(target) \(form)")
        let y = try draft.builder.reshape(
          draft.input("x", draft.moveable(encoding, shape), form: form), to: target.map { Dimension($0) })
        cases.append(try draft.finish(["y": y], .exact))
      }
    }
    for (rows, form) in [(1, OperandForm.plain), (16, .transposed), (33, .sliced), (0, .plain), (7, .slicedRows)] {
      let draft = CaseDraft(Reshape.self, "f32 [tokens = \(rows), 12] to heads \(form) symbolic")
      let tokens = try draft.builder.symbol("tokens", in: 0...64)
      let x = try draft.input("x", draft.moveable(.float32, [rows, 12]), [tokens, 12], form: form)
      let heads = try draft.builder.reshape(x, to: [tokens, 3, 4])
      let flat = try draft.builder.reshape(x, to: [tokens * 12])
      cases.append(try draft.finish(["flat": flat, "heads": heads], .exact))
    }
    let scalar = CaseDraft(Reshape.self, "f32 [1, 1] to rank 0")
    cases.append(
      try scalar.finish(
        ["y": scalar.builder.reshape(scalar.input("x", scalar.units([1, 1])), to: [])], .exact))
    return cases
  }
}
