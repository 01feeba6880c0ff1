import HeddleGraph

extension Transpose {
  public static let samples = OperationSamples(
    accepted: [
      .init(Transpose(permutation: [2, 0, 1]), [Sample.i32(2, Sample.n, 4)], [Sample.i32(4, 2, Sample.n)]),
      .init(Transpose(permutation: [1, 0]), [Sample.f32(Sample.n, 32)], [Sample.f32(32, Sample.n)]),
    ],
    refused: [
      .init(Transpose(permutation: [0, 0]), [Sample.f32(2, 3)]),
      .init(Transpose(permutation: [0]), [Sample.f32(2, 3)]),
      .init(Transpose(permutation: [1, 0]), [Sample.type("q4_0", 2, 32)]),
    ],
    literals: [
      .init(
        Transpose(permutation: [1, 0]), [Sample.integers([0, 1, 2, 3, 4, 5], [2, 3])],
        Sample.integers([0, 3, 1, 4, 2, 5], [3, 2]))
    ])
}
