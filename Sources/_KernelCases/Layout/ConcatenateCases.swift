import HeddleGraph
import HeddleReference

extension Concatenate: CasedOperation {
  public static func cases() throws -> [OpCase] {
    var cases: [OpCase] = []
    for (number, shape) in LayoutCases.shapes.enumerated() {
      for axis in shape.indices {
        for round in 0..<2 {
          let encoding = LayoutCases.encodings[(number + axis + round) % 3]
          let draft = CaseDraft(Concatenate.self, "\(encoding) \(shape) axis\(axis) \(round)")
          let extents = round == 0 ? [shape[axis], 1, 16] : [3, 0, shape[axis]]
          let operands = try extents.enumerated().map { place, extent in
            var part = shape
            part[axis] = extent
            let form = OperandForm.allCases[(number + place + round) % 4]
            return try draft.input("x\(place)", draft.moveable(encoding, part), form: form)
          }
          cases.append(try draft.finish(["y": draft.builder.concatenate(operands, axis: axis)], .exact))
        }
      }
    }
    for (a, b) in [(0, 0), (1, 16), (17, 0), (31, 33)] {
      let draft = CaseDraft(Concatenate.self, "f32 rows \(a) and \(b) symbolic")
      let first = try draft.builder.symbol("a", in: 0...64)
      let second = try draft.builder.symbol("b", in: 0...64)
      let x = try draft.input("x", draft.moveable(.float32, [a, 6]), [first, 6])
      let z = try draft.input("z", draft.moveable(.float32, [b, 6]), [second, 6], form: .sliced)
      let y = try draft.builder.concatenate([x, z, x], axis: 0)
      cases.append(try draft.finish(["y": y], .exact))
    }
    let one = CaseDraft(Concatenate.self, "i32 of one")
    cases.append(
      try one.finish(["y": one.builder.concatenate([one.input("x", one.moveable(.int32, [4, 5]))], axis: 1)], .exact))
    return cases
  }
}
