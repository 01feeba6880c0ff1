import HeddleGraph

extension Concatenate {
  public static let samples = OperationSamples(
    accepted: [
      .init(
        Concatenate(axis: 0), [Sample.type("q4_0", Sample.n, 32), Sample.type("q4_0", 2, 32)],
        [Sample.type("q4_0", Sample.n + 2, 32)]),
      .init(Concatenate(axis: 0), [Sample.f32(3, 0), Sample.f32(3, 0)], [Sample.f32(6, 0)]),
      .init(
        Concatenate(axis: 1), [Sample.f32(Sample.n, 32), Sample.f32(Sample.n, 0), Sample.f32(Sample.n, 1)],
        [Sample.f32(Sample.n, 33)]),
    ],
    refused: [
      .init(Concatenate(axis: 0), []),
      .init(Concatenate(axis: 1), [Sample.f32(3)]),
      .init(Concatenate(axis: 1), [Sample.type("q4_0", 2, 32), Sample.type("q4_0", 2, 32)]),
      .init(Concatenate(axis: 0), [Sample.f32(3), Sample.f32(3, 1)]),
      .init(Concatenate(axis: 0), [Sample.f32(3, 2), Sample.f32(3, 1)]),
    ],
    literals: [
      .init(
        Concatenate(axis: 1), [Sample.integers([0, 1, 2, 3, 4, 5], [2, 3]), Sample.integers([8, 9], [2, 1])],
        Sample.integers([0, 1, 2, 8, 3, 4, 5, 9], [2, 4]))
    ])
}
