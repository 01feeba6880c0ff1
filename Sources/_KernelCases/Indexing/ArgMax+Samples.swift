import HeddleGraph

extension ArgMax {
  public static let samples = OperationSamples(
    accepted: [
      .init(ArgMax(), [Sample.f32(Sample.n, Sample.m)], [Sample.i32(Sample.n)])
    ],
    refused: [
      .init(ArgMax(), [Sample.f32()]),
      .init(ArgMax(), [Sample.f32(2, 0)]),
      .init(ArgMax(), [Sample.f32(2, Sample.n)]),
    ],
    literals: [
      .init(
        ArgMax(), [Sample.floats([1, 3, 3, 0, .nan, .nan, -.infinity, -.infinity, -.infinity], [3, 3])],
        Sample.integers([1, -2, 0], [3]))
    ])
}
