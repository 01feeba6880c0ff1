import HeddleGraph

extension RotaryEmbedding {
  public static let samples = OperationSamples(
    accepted: [
      .init(
        RotaryEmbedding(base: 10, rotatedDimensions: 4, pairing: .halves),
        [Sample.f32(Sample.n, 2, 6), Sample.i32(Sample.n), Sample.f32(2)], [Sample.f32(Sample.n, 2, 6)]),
      .init(
        RotaryEmbedding(base: 10, rotatedDimensions: 0, pairing: .halves),
        [Sample.f32(Sample.n, 2, 16), Sample.i32(Sample.n)], [Sample.f32(Sample.n, 2, 16)]),
      .init(
        RotaryEmbedding(base: 10, rotatedDimensions: 4, pairing: .interleaved, frequencyScale: 0.5, magnitude: -2),
        [Sample.f32(Sample.n, 2, 6), Sample.i32(Sample.n)], [Sample.f32(Sample.n, 2, 6)]),
    ],
    refused: [
      .init(
        RotaryEmbedding(base: 10, rotatedDimensions: 8, pairing: .halves),
        [Sample.f32(Sample.n, 2, 6), Sample.i32(Sample.n)]),
      .init(
        RotaryEmbedding(base: 10, rotatedDimensions: 3, pairing: .halves),
        [Sample.f32(Sample.n, 2, 6), Sample.i32(Sample.n)]),
      .init(
        RotaryEmbedding(base: 10, rotatedDimensions: -2, pairing: .halves),
        [Sample.f32(Sample.n, 2, 6), Sample.i32(Sample.n)]),
      .init(
        RotaryEmbedding(base: 0, rotatedDimensions: 4, pairing: .halves),
        [Sample.f32(Sample.n, 2, 6), Sample.i32(Sample.n)]),
      .init(
        RotaryEmbedding(base: 10, rotatedDimensions: 4, pairing: .halves),
        [Sample.f32(Sample.n, 2, 6), Sample.i32(Sample.m)]),
      .init(
        RotaryEmbedding(base: 10, rotatedDimensions: 4, pairing: .halves),
        [Sample.f32(Sample.n, 2, Sample.m), Sample.i32(Sample.n)]),
      .init(
        RotaryEmbedding(base: 10, rotatedDimensions: 4, pairing: .halves),
        [Sample.f32(Sample.n, 2, 6), Sample.i32(Sample.n), Sample.f32(3)]),
      .init(
        RotaryEmbedding(base: 10, rotatedDimensions: 4, pairing: .halves, magnitude: .infinity),
        [Sample.f32(Sample.n, 2, 6), Sample.i32(Sample.n)]),
      .init(RotaryEmbedding(base: 10, rotatedDimensions: 4, pairing: .halves), []),
    ],
    literals: [
      .init(
        RotaryEmbedding(base: 100, rotatedDimensions: 4, pairing: .halves),
        [Sample.floats([7, 8, 9, 10, 11, 12], [1, 1, 6]), Sample.integers([3], [1]), Sample.floats([1, 2], [2])],
        Sample.floats(
          [-8.200027465820312, 6.415787220001221, -7.922092437744141, 11.083215713500977, 11, 12], [1, 1, 6]))
    ])
}
