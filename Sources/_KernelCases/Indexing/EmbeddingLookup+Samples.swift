import HeddleGraph

extension EmbeddingLookup {
  public static let samples = OperationSamples(
    accepted: [
      .init(EmbeddingLookup(), [Sample.type("q4_0", 9, 32), Sample.i32(2, Sample.n)], [Sample.f32(2, Sample.n, 32)]),
      .init(EmbeddingLookup(), [Sample.f32(0, 4), Sample.i32(Sample.n)], [Sample.f32(Sample.n, 4)]),
    ],
    refused: [
      .init(EmbeddingLookup(), [Sample.f32(3), Sample.i32(1)]),
      .init(EmbeddingLookup(), [Sample.i32(3, 4), Sample.i32(1)]),
      .init(EmbeddingLookup(), [Sample.f32(3, 4), Sample.f32(1)]),
    ],
    literals: [
      .init(
        EmbeddingLookup(), [Sample.floats([1, 2, 3, 4, 5, 6], [3, 2]), Sample.integers([2, 0], [2])],
        Sample.floats([5, 6, 1, 2], [2, 2]))
    ])
}
