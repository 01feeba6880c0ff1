import HeddleGraph
import HeddleReference

extension IndexRange: CasedOperation {
  public static func cases() throws -> [OpCase] {
    var cases: [OpCase] = []
    for (start, count) in [(0, 0), (0, 1), (5, 15), (0, 16), (1, 17), (200, 33), (8128, 64), (2_000_000_000, 65)] {
      for isSymbolic in [false, true] {
        let draft = CaseDraft(IndexRange.self, "from \(start) count \(count)\(isSymbolic ? " symbolic" : "")")
        var (from, rows) = (Dimension(start), Dimension(count))
        if isSymbolic {
          from = try draft.builder.symbol("past", in: 0...2_000_000_000)
          rows = try draft.builder.symbol("tokens", in: 0...128)
          draft.bindings = ["past": start, "tokens": count]
        }
        cases.append(
          try draft.finish(["y": draft.builder.range(from: from, count: rows)], .exact, zerosAreRight: true))
      }
    }
    return cases
  }
}
