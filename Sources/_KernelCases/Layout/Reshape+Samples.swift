import HeddleGraph

extension Reshape {
  public static let samples = OperationSamples(
    accepted: [
      .init(Reshape(shape: [Sample.n * 2, 3]), [Sample.f32(Sample.n, 6)], [Sample.f32(Sample.n * 2, 3)]),
      .init(Reshape(shape: [0, 7]), [Sample.f32(3, 0)], [Sample.f32(0, 7)]),
    ],
    refused: [
      .init(Reshape(shape: [4]), [Sample.f32(Sample.n)]),
      .init(Reshape(shape: [-1, -6]), [Sample.f32(6)]),
      .init(Reshape(shape: [32]), [Sample.type("q4_0", 32)]),
    ],
    literals: [
      .init(
        Reshape(shape: [3, 2]), [Sample.integers([0, 1, 2, 3, 4, 5], [2, 3])],
        Sample.integers([0, 1, 2, 3, 4, 5], [3, 2]))
    ])
}
