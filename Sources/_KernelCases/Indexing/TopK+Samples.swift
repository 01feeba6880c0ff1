import HeddleGraph

extension TopK {
  public static let samples = OperationSamples(
    accepted: [
      .init(TopK(count: 3), [Sample.f32(Sample.n, Sample.m)], [Sample.f32(Sample.n, 3), Sample.i32(Sample.n, 3)]),
      .init(TopK(count: 5), [Sample.f32(2)], [Sample.f32(5), Sample.i32(5)]),
    ],
    refused: [
      .init(TopK(count: 1), [Sample.f32()]),
      .init(TopK(count: 0), [Sample.f32(2, 4)]),
      .init(TopK(count: 1 << 31), [Sample.f32(2, 4)]),
      .init(TopK(count: 1), [Sample.i32(2, 4)]),
    ],
    literals: [
      .init(
        TopK(count: 3), [Sample.floats([1, 3, 3, 0, .nan, .infinity, -.infinity, 2, -0.0, 0, -1, -2], [3, 4])],
        Sample.floats([3, 3, 1, .infinity, 2, -.infinity, -0.0, 0, -1], [3, 3]),
        Sample.integers([1, 2, 0, 1, 3, -1, 0, 1, 2], [3, 3]))
    ])
}
