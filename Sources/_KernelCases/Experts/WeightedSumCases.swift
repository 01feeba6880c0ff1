import HeddleGraph
import HeddleReference

extension WeightedSum: CasedOperation {
  public static func cases() throws -> [OpCase] {
    var cases: [OpCase] = []
    for (number, shape) in [
      [1, 1, 1], [3, 2, 15], [2, 8, 16], [5, 6, 17], [1, 8, 300], [0, 2, 4], [2, 0, 5], [2, 3, 0], [7, 4, 255],
      [33, 2, 64],
    ].enumerated() {
      let draft = CaseDraft(WeightedSum.self, "\(shape)")
      let x = try draft.units(shape)
      let weights = try draft.units([shape[0], shape[1]])
      let rows = number % 2 == 0 ? try draft.builder.symbol("tokens", in: 0...64) : Dimension(shape[0])
      let y = try draft.builder.weightedSum(
        draft.input(
          "x", x, [rows, Dimension(shape[1]), Dimension(shape[2])], form: OperandForm.allCases[number % 4]),
        weights: draft.input(
          "weights", weights, [rows, Dimension(shape[1])], form: OperandForm.allCases[(number + 1) % 4]))
      let bounds = try bound(x, weights)
      cases.append(
        try draft.finish(
          ["y": y], .bounded { ["y": bounds] }, floatingPointOperations: 2 * shape.reduce(1, *),
          zerosAreRight: shape[1] == 0))
    }
    let special = CaseDraft(WeightedSum.self, "special values")
    let x = try Tensor([.nan, .infinity, -.infinity, 1, 2, 3, -0.0, 5, .infinity], shape: [1, 3, 3])
    let y = try special.builder.weightedSum(
      special.input("x", x), weights: special.input("weights", Tensor([0, 1, 1], shape: [1, 3])))
    cases.append(try special.finish(["y": y], .equal))
    return cases
  }

  /// `2·(N + 1)·u·Σ∣w·x∣`.
  private static func bound(_ x: Tensor, _ weights: Tensor) throws -> [Double] {
    let sums = try ReferenceBackend().evaluate(
      WeightedSum(),
      [Tensor(x.floats().map(abs), shape: x.shape), Tensor(weights.floats().map(abs), shape: weights.shape)])[0]
    return try sums.floats().map { Double(2 * (x.shape[1] + 1)) * Tolerance.unit * Double($0) + 0x1p-120 }
  }

  public static let samples = OperationSamples(
    accepted: [.init(WeightedSum(), [Sample.f32(Sample.n, 2, 5), Sample.f32(Sample.n, 2)], [Sample.f32(Sample.n, 5)])],
    refused: [
      .init(WeightedSum(), [Sample.f32(3, 2, 5), Sample.f32(2, 2)]),
      .init(WeightedSum(), [Sample.f32(3, 2, 5), Sample.f32(3, 3)]),
      .init(WeightedSum(), [Sample.f32(3, 2), Sample.f32(3, 2)]),
      .init(WeightedSum(), [Sample.f32(3, 2, 5), Sample.i32(3, 2)]),
    ],
    literals: [
      .init(
        WeightedSum(), [Sample.floats([1, 2, 3, 4], [1, 2, 2]), Sample.floats([2, -1], [1, 2])],
        Sample.floats([-1, 0], [1, 2]))
    ])
}
