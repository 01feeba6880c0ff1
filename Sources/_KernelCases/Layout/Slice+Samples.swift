import HeddleGraph

extension Slice {
  public static let samples = OperationSamples(
    accepted: [
      .init(Slice(axis: 1, start: Sample.m - 1, count: 1), [Sample.f32(3, Sample.m)], [Sample.f32(3, 1)]),
      .init(Slice(axis: 1, start: 32, count: 0), [Sample.f32(Sample.n, 32)], [Sample.f32(Sample.n, 0)]),
    ],
    refused: [
      .init(Slice(axis: 2, start: 0, count: 1), [Sample.f32(2, 3)]),
      .init(Slice(axis: -1, start: 0, count: 1), [Sample.f32(2, 3)]),
      .init(Slice(axis: 0, start: Sample.n - 1, count: 1), [Sample.f32(Sample.n)]),
      .init(Slice(axis: 0, start: 2, count: 2), [Sample.f32(3)]),
      .init(Slice(axis: 0, start: 0, count: Dimension(-1)), [Sample.f32(3)]),
      .init(Slice(axis: 0, start: 0, count: 1), [Sample.type("q4_0", 2, 32)]),
    ],
    literals: [
      .init(
        Slice(axis: 1, start: 1, count: 2), [Sample.integers([0, 1, 2, 3, 4, 5], [2, 3])],
        Sample.integers([1, 2, 4, 5], [2, 2]))
    ])
}
