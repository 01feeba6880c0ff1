import HeddleGraph

extension RMSNorm {
  public static let samples = OperationSamples(
    accepted: [
      .init(RMSNorm(epsilon: 0), [Sample.f32(Sample.n, 7), Sample.f32(7)], [Sample.f32(Sample.n, 7)]),
      .init(RMSNorm(epsilon: 1), [Sample.f32(3, 0), Sample.f32(0)], [Sample.f32(3, 0)]),
    ],
    refused: [
      .init(RMSNorm(epsilon: 0), [Sample.f32(), Sample.f32(1)]),
      .init(RMSNorm(epsilon: 0), [Sample.f32(2, 3), Sample.f32(4)]),
      .init(RMSNorm(epsilon: 0), [Sample.f32(2, 3), Sample.f32(1, 3)]),
      .init(RMSNorm(epsilon: -1), [Sample.f32(3), Sample.f32(3)]),
      .init(RMSNorm(epsilon: .nan), [Sample.f32(3), Sample.f32(3)]),
    ],
    literals: [
      .init(
        RMSNorm(epsilon: 0.5), [Sample.floats([3, 4, 1, -1], [2, 2]), Sample.floats([1, 2], [2])],
        Sample.floats([0.8320503, 2.2188008, 0.8164966, -1.632993221282959], [2, 2]))
    ])
}
