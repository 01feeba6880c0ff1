import HeddleGraph

extension LightningIndexer {
  public static let samples = OperationSamples(
    accepted: [
      .init(
        LightningIndexer(count: 5, past: 0),
        [Sample.f32(Sample.n, 3, 8), Sample.f32(Sample.n, 8), Sample.f32(Sample.n, 3)],
        [Sample.i32(Sample.n, 1, 5)]),
      .init(
        LightningIndexer(count: 2048, past: 60, scale: 0.25),
        [Sample.f32(4, 3, 8), Sample.f16(64, 8), Sample.f32(4, 3)],
        [Sample.i32(4, 1, 2048)]),
    ],
    refused: [
      .init(LightningIndexer(count: 5, past: 0), [Sample.f32(4, 3, 8), Sample.f32(64, 8)]),
      .init(LightningIndexer(count: 5, past: 0), [Sample.f32(4, 3, 8), Sample.f32(64, 7), Sample.f32(4, 3)]),
      .init(LightningIndexer(count: 5, past: 0), [Sample.f32(4, 3, 8), Sample.f32(64, 8), Sample.f32(4, 2)]),
      .init(LightningIndexer(count: 5, past: 0), [Sample.f32(4, 3, 8), Sample.f32(64, 8), Sample.f32(5, 3)]),
      .init(LightningIndexer(count: 5, past: 0), [Sample.f32(4, 3, 8), Sample.f32(64, 1, 8), Sample.f32(4, 3)]),
      .init(LightningIndexer(count: 5, past: 0), [Sample.f32(4, 3, 8), Sample.i32(64, 8), Sample.f32(4, 3)]),
      .init(LightningIndexer(count: 5, past: 0), [Sample.f32(4, 0, 8), Sample.f32(64, 8), Sample.f32(4, 0)]),
      .init(LightningIndexer(count: 0, past: 0), [Sample.f32(4, 3, 8), Sample.f32(64, 8), Sample.f32(4, 3)]),
      .init(LightningIndexer(count: 1 << 31, past: 0), [Sample.f32(4, 3, 8), Sample.f32(64, 8), Sample.f32(4, 3)]),
      .init(LightningIndexer(count: 5, past: -1), [Sample.f32(4, 3, 8), Sample.f32(64, 8), Sample.f32(4, 3)]),
      .init(
        LightningIndexer(count: 5, past: 0, scale: .infinity),
        [Sample.f32(4, 3, 8), Sample.f32(64, 8), Sample.f32(4, 3)]),
    ],
    literals: [
      // Scores of the second token: 2 · 1 + 0, 2 · 3 − 1 · 2, 2 · 3 + 0.
      .init(
        LightningIndexer(count: 4, past: 1, scale: 0.5),
        [
          Sample.floats([1, 0, 0, 1, 1, 0, 0, 1], [2, 2, 2]), Sample.floats([1, -1, 3, 2, 3, 0], [3, 2]),
          Sample.floats([1, 1, 2, -1], [2, 2]),
        ],
        Sample.integers([1, 0, -1, -1, 2, 1, 0, -1], [2, 1, 4]))
    ])
}
