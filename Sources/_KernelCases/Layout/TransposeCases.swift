import HeddleGraph
import HeddleReference

extension Transpose: CasedOperation {
  public static func cases() throws -> [OpCase] {
    var cases: [OpCase] = []
    for (number, shape) in LayoutCases.shapes.enumerated() {
      let rank = shape.count
      let permutations = [
        Array((0..<rank).reversed()), Array(0..<rank), (0..<rank).map { ($0 + 1) % rank }, [1, 0] + (2..<max(rank, 2)),
      ].filter { $0.count == rank }
      for (round, permutation) in permutations.enumerated() {
        for encoding in LayoutCases.encodings.prefix(number % 3 == 0 ? 3 : 1 + round % 2) {
          let form = OperandForm.allCases[(number + round) % 4]
          let draft = CaseDraft(Transpose.self, "\(encoding) \(shape) by \(permutation) \(form) \(round)")
          var extents = shape.map { Dimension($0) }
          if round % 2 == 0 { extents[0] = try draft.builder.symbol("n", in: 0...64) }
          let y = try draft.builder.transpose(
            draft.input("x", draft.moveable(encoding, shape), extents, form: form), permutation)
          cases.append(try draft.finish(["y": y], .exact))
        }
      }
    }
    let scalar = CaseDraft(Transpose.self, "f32 rank 0")
    cases.append(
      try scalar.finish(["y": scalar.builder.transpose(scalar.input("x", scalar.units([])), [])], .exact))
    return cases
  }
}
