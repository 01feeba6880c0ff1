import HeddleGraph

extension LayerNorm {
  public static let samples = OperationSamples(
    accepted: [
      .init(LayerNorm(epsilon: 0), [Sample.f32(Sample.n, 7), Sample.f32(7)], [Sample.f32(Sample.n, 7)]),
      .init(
        LayerNorm(epsilon: 1), [Sample.f32(3, 0), Sample.f32(0), Sample.f32(0)], [Sample.f32(3, 0)]),
    ],
    refused: [
      .init(LayerNorm(epsilon: 0), [Sample.f32(), Sample.f32(1)]),
      .init(LayerNorm(epsilon: 0), [Sample.f32(2, 3), Sample.f32(4)]),
      .init(LayerNorm(epsilon: 0), [Sample.f32(2, 3), Sample.f32(3), Sample.f32(4)]),
      .init(LayerNorm(epsilon: 0), [Sample.f32(2, 3), Sample.f32(3), Sample.f32(1, 3)]),
      .init(LayerNorm(epsilon: -1), [Sample.f32(3), Sample.f32(3)]),
      .init(LayerNorm(epsilon: .nan), [Sample.f32(3), Sample.f32(3)]),
    ],
    literals: [
      // The mean is 2 and the mean square of differences 1; then 0 and 1.
      .init(
        LayerNorm(epsilon: 0.5),
        [Sample.floats([3, 1, 1, -1], [2, 2]), Sample.floats([1, 2], [2]), Sample.floats([0.5, -1], [2])],
        Sample.floats([1.3164966, -2.6329932, 1.3164966, -2.6329932], [2, 2]))
    ])
}
