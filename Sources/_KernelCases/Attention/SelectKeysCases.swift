import HeddleGraph
import HeddleReference

extension SelectKeys: CasedOperation {
  public static func cases() throws -> [OpCase] {
    var cases: [OpCase] = []
    for (number, (keys, block, count)) in [
      (100, 1, 7), (64, 64, 1), (130, 16, 5), (31, 3, 40), (1, 1, 1), (4000, 65, 9), (0, 1, 2), (70, 1, 0), (96, 40, 2),
    ].enumerated() {
      let queries = number % 3 == 2 ? 5 : 1
      for shape in [[3, 2], [1, 1], [0, 2]] {
        let draft = CaseDraft(
          SelectKeys.self, "\(count) of \(keys) by \(block) \(shape)" + (queries == 1 ? "" : " for \(queries)"))
        // Every fifth names no key.
        let indices = (0..<shape[0] * shape[1] * count).map { index in
          index % 5 == 4
            ? [-1, Int(Int32.min), keys + 1, Int(Int32.max)][index / 5 % 4]
            : Int(draft.random.next() % UInt64(max(1, keys / block + 1)))
        }
        var extents = (shape + [count]).map { Dimension($0) }
        var all = Dimension(keys)
        if number % 2 == 0 {
          extents[0] = try draft.builder.symbol("tokens", in: 0...16)
          all = try draft.builder.symbol("keys", in: 0...8192)
          draft.bindings["keys"] = keys
        }
        let operand = try draft.input(
          "indices", draft.integers(indices, shape + [count]), extents, form: number % 3 == 1 ? .transposed : .plain)
        let y = try draft.builder.selectKeys(operand, of: all, block: block, queries: queries)
        cases.append(try draft.finish(["y": y], .exact, zerosAreRight: true))
      }
    }
    return cases
  }
}
