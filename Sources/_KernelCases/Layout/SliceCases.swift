import HeddleGraph
import HeddleReference

extension Slice: CasedOperation {
  public static func cases() throws -> [OpCase] {
    var cases: [OpCase] = []
    for (number, shape) in LayoutCases.shapes.enumerated() {
      for axis in shape.indices {
        let extent = shape[axis]
        for (round, part) in [(extent / 3, extent - extent / 3), (0, (extent + 1) / 2), (extent, 0)].enumerated() {
          let encoding = LayoutCases.encodings[(number + axis + round) % 3]
          let form = OperandForm.allCases[(number + round) % 4]
          let draft = CaseDraft(Slice.self, "\(encoding) \(shape) axis\(axis) \(part) \(form) \(round)")
          let y = try draft.builder.slice(
            draft.input("x", draft.moveable(encoding, shape), form: form), axis: axis, start: Dimension(part.0),
            count: Dimension(part.1))
          cases.append(try draft.finish(["y": y], .exact))
        }
      }
    }
    // The last of a symbolic number of rows, as a language model takes its last token; and a symbolic window.
    for (rows, form) in [(1, OperandForm.plain), (2, .sliced), (17, .transposed), (33, .plain), (64, .slicedRows)] {
      let draft = CaseDraft(Slice.self, "f32 last of [\(rows), 9] \(form) symbolic")
      let tokens = try draft.builder.symbol("tokens", in: 1...64)
      let x = try draft.input("x", draft.moveable(.float32, [rows, 9]), [tokens, 9], form: form)
      let last = try draft.builder.slice(x, axis: 0, start: tokens - 1, count: 1)
      let rest = try draft.builder.slice(x, axis: 0, start: 1, count: tokens - 1)
      cases.append(try draft.finish(["last": last, "rest": rest], .exact))
    }
    for (start, count) in [(0, 0), (3, 4), (20, 13), (64, 0), (0, 64)] {
      let draft = CaseDraft(Slice.self, "i32 window \(start) count \(count) symbolic")
      let from = try draft.builder.symbol("start", in: 0...64)
      let rows = try draft.builder.symbol("count", in: 0...64)
      draft.bindings = ["start": start, "count": count]
      let y = try draft.builder.slice(
        draft.input("x", draft.moveable(.int32, [128, 3])), axis: 0, start: from, count: rows)
      cases.append(try draft.finish(["y": y], .exact))
    }
    return cases
  }
}
