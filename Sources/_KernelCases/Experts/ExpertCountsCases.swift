import HeddleGraph
import HeddleReference

extension ExpertCounts: CasedOperation {
  public static func cases() throws -> [OpCase] {
    var cases: [OpCase] = []
    for (number, (tokens, count, experts)) in [
      (1, 1, 1), (3, 2, 8), (64, 8, 256), (0, 2, 3), (5, 3, 0), (33, 4, 65), (7, 1, 2), (200, 6, 5),
    ].enumerated() {
      let draft = CaseDraft(ExpertCounts.self, "[\(tokens), \(count)] of \(experts)")
      let indices = (0..<tokens * count).map { _ in draft.random.integer(-2...experts + 1) }
      let rows = number % 2 == 0 ? try draft.builder.symbol("tokens", in: 0...256) : Dimension(tokens)
      let form = OperandForm.allCases[number % 4]
      let input = try draft.input(
        "indices", draft.integers(indices, [tokens, count]), [rows, Dimension(count)], form: form)
      let y = try draft.builder.expertCounts(input, experts: experts)
      cases.append(try draft.finish(["y": y], .exact))
    }
    for (name, values) in [("all on one", Array(repeating: 2, count: 130)), ("none", [-1, 4, Int(Int32.max), -100])] {
      let draft = CaseDraft(ExpertCounts.self, name)
      let y = try draft.builder.expertCounts(
        draft.input("indices", draft.integers(values, [values.count])), experts: 4)
      cases.append(try draft.finish(["y": y], .exact))
    }
    return cases
  }

  public static let samples = OperationSamples(
    accepted: [
      .init(ExpertCounts(experts: 3), [Sample.i32(Sample.n, 2)], [Sample.i32(3)]),
      .init(ExpertCounts(experts: 0), [Sample.i32()], [Sample.i32(0)]),
    ],
    refused: [
      .init(ExpertCounts(experts: 3), [Sample.f32(2)]),
      .init(ExpertCounts(experts: -1), [Sample.i32(2)]),
    ],
    literals: [
      .init(ExpertCounts(experts: 3), [Sample.integers([2, 0, 2, 3, -1, 2], [3, 2])], Sample.integers([1, 0, 3]))
    ])
}
