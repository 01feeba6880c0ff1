import HeddleGraph
import HeddleReference

extension BalanceBias: CasedOperation {
  public static func cases() throws -> [OpCase] {
    var cases: [OpCase] = []
    for (number, experts) in [0, 1, 2, 7, 16, 63, 64, 65, 256, 300].enumerated() {
      for limit in [3, Int(Int32.max)] {
        let draft = CaseDraft(BalanceBias.self, "\(experts) up to \(limit)")
        let counts = (0..<experts).map { _ in draft.random.integer(0...limit) }
        let rows = number % 2 == 0 ? try draft.builder.symbol("experts", in: 0...512) : Dimension(experts)
        let y = try draft.builder.balanceBias(
          draft.input("bias", draft.units([experts]), [rows], form: limit == 3 ? .sliced : .plain),
          counts: draft.input("counts", draft.integers(counts, [experts]), [rows]), rate: limit == 3 ? 0.001 : -0.5,
          steps: number % 3 == 0 ? 1 : draft.builder.symbol("steps", in: 0...3))
        if number % 3 > 0 { draft.bindings["steps"] = number % 3 == 1 ? 0 : 3 }
        cases.append(try draft.finish(["y": y], .exact))
      }
    }
    return cases
  }

  public static let samples = OperationSamples(
    accepted: [.init(BalanceBias(rate: 0.5), [Sample.f32(Sample.n), Sample.i32(Sample.n)], [Sample.f32(Sample.n)])],
    refused: [
      .init(BalanceBias(rate: 0.5), [Sample.f32(2), Sample.i32(3)]),
      .init(BalanceBias(rate: 0.5), [Sample.f32(2), Sample.f32(2)]),
      .init(BalanceBias(rate: 0.5, steps: -1), [Sample.f32(2), Sample.i32(2)]),
      .init(BalanceBias(rate: .infinity), [Sample.f32(2), Sample.i32(2)]),
    ],
    literals: [
      .init(
        BalanceBias(rate: 0.5), [Sample.floats([1, 2, 3]), Sample.integers([4, 2, 3])], Sample.floats([0.5, 2.5, 3]))
    ])
}
