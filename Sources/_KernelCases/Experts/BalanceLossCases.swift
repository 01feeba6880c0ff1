import HeddleGraph
import HeddleReference

extension BalanceLoss: CasedOperation {
  public static func cases() throws -> [OpCase] {
    var cases: [OpCase] = []
    let sizes = [(1, 1), (3, 8), (5, 16), (2, 65), (64, 7), (17, 256), (0, 4), (4, 0), (300, 33)]
    for (number, (tokens, experts)) in sizes.enumerated() {
      for limit in [0, 9, Int(Int32.max)] {
        let draft = CaseDraft(BalanceLoss.self, "[\(tokens), \(experts)] counts up to \(limit)")
        let scores = try draft.units([tokens, experts])
        let counts = try draft.integers((0..<experts).map { _ in draft.random.integer(0...limit) }, [experts])
        let rows = number % 2 == 0 ? try draft.builder.symbol("tokens", in: 0...512) : Dimension(tokens)
        let loss = BalanceLoss(weight: limit == 9 ? 0.01 : 2)
        let y = try draft.builder.balanceLoss(
          draft.input("scores", scores, [rows, Dimension(experts)], form: OperandForm.allCases[number % 4]),
          counts: draft.input("counts", counts), weight: loss.weight)
        let bound = try bound(loss, scores, counts)
        cases.append(
          try draft.finish(
            ["y": y], .bounded { ["y": [bound]] }, floatingPointOperations: tokens * experts,
            zerosAreRight: limit == 0 || tokens * experts == 0))
      }
    }
    return cases
  }

  /// `(T + E + 16) · u · y`, y that of the scores' magnitudes.
  private static func bound(_ loss: BalanceLoss, _ scores: Tensor, _ counts: Tensor) throws -> Double {
    let greatest = try ReferenceBackend().evaluate(
      loss, [Tensor(scores.floats().map(abs), shape: scores.shape), counts])[0]
    let roundings = Double(scores.shape[0] + scores.shape[1] + 16)
    return try roundings * Tolerance.unit * Double(greatest.floats()[0])
  }

  public static let samples = OperationSamples(
    accepted: [.init(BalanceLoss(), [Sample.f32(Sample.n, 8), Sample.i32(8)], [Sample.f32(1)])],
    refused: [
      .init(BalanceLoss(), [Sample.f32(2, 8), Sample.i32(7)]),
      .init(BalanceLoss(), [Sample.f32(2, 8), Sample.f32(8)]),
      .init(BalanceLoss(), [Sample.f32(8), Sample.i32(8)]),
      .init(BalanceLoss(weight: .nan), [Sample.f32(2, 8), Sample.i32(8)]),
    ],
    literals: [
      // Evenly used, and one of four alone.
      .init(
        BalanceLoss(weight: 0.5), [Sample.floats([0.25, 0.25, 0.25, 0.25], [1, 4]), Sample.integers([3, 3, 3, 3])],
        Sample.floats([0.5], [1])),
      .init(
        BalanceLoss(weight: 0.5),
        [Sample.floats([1, 0, 0, 0, 0.5, 0.5, 0, 0], [2, 4]), Sample.integers([2, 0, 0, 0])],
        Sample.floats([1.5], [1])),
    ])
}
