import HeddleGraph

extension Attention {
  public static let samples = OperationSamples(
    accepted: acceptedRoles + [
      .init(
        Attention(scale: 1, past: Sample.m), [Sample.f32(Sample.n, 6, 4), Sample.f32(64, 2, 4), Sample.f32(64, 2, 5)],
        [Sample.f32(Sample.n, 6, 5)]),
      .init(
        Attention(scale: 1, past: 1), [Sample.f32(Sample.n, 2, 16), Sample.f32(80, 2, 16), Sample.f32(80, 2, 0)],
        [Sample.f32(Sample.n, 2, 0)]),
      .init(
        Attention(scale: 1, mask: .localGlobal(block: 64, global: 2), softCap: 30, logSumExp: true),
        [Sample.f32(Sample.n, 2, 16), Sample.f32(Sample.m, 2, 16), Sample.f32(Sample.m, 2, 8)],
        [Sample.f32(Sample.n, 2, 8), Sample.f32(Sample.n, 2)]),
      .init(
        Attention(scale: 1, past: Sample.m, valueLength: 512),
        [Sample.f32(Sample.n, 128, 576), Sample.f32(64, 1, 576)],
        [Sample.f32(Sample.n, 128, 512)]),
      .init(
        Attention(scale: 1, past: 1, logSumExp: true, valueLength: 0),
        [Sample.f32(Sample.n, 2, 16), Sample.f32(80, 2, 16)],
        [Sample.f32(Sample.n, 2, 0), Sample.f32(Sample.n, 2)]),
    ],
    refused: refusedRoles + [
      .init(
        Attention(scale: 1, past: 0),
        [Sample.f32(1, 6, 4), TensorType(.q8_0, [8, 2, 33]), Sample.f32(8, 2, 4)]),
      .init(Attention(scale: 1, past: 0), [Sample.f32(1, 6, 4), Sample.f32(8, 4, 4), Sample.f32(8, 4, 4)]),
      .init(Attention(scale: 1, past: 0), [Sample.f32(1, 6, 4), Sample.f32(8, 0, 4), Sample.f32(8, 0, 4)]),
      .init(Attention(scale: 1, past: 0), [Sample.f32(1, 6, 4), Sample.f32(8, 2, 5), Sample.f32(8, 2, 4)]),
      .init(Attention(scale: 1, past: 0), [Sample.f32(1, 6, 4), Sample.f32(8, 2, 4), Sample.f32(9, 2, 4)]),
      .init(Attention(scale: 1, past: 0), [Sample.f32(1, 6, 4), Sample.f32(8, 2, 4), Sample.f32(8, 3, 4)]),
      .init(Attention(scale: 1, past: 0), [Sample.f32(1, Sample.n, 4), Sample.f32(8, 2, 4), Sample.f32(8, 2, 4)]),
      .init(Attention(scale: .infinity, past: 0), [Sample.f32(1, 6, 4), Sample.f32(8, 2, 4), Sample.f32(8, 2, 4)]),
      .init(Attention(scale: 1, mask: .window(0)), [Sample.f32(1, 6, 4), Sample.f32(8, 2, 4), Sample.f32(8, 2, 4)]),
      .init(Attention(scale: 1, mask: .block(-3)), [Sample.f32(1, 6, 4), Sample.f32(8, 2, 4), Sample.f32(8, 2, 4)]),
      .init(
        Attention(scale: 1, mask: .first(1 << 31)), [Sample.f32(1, 6, 4), Sample.f32(8, 2, 4), Sample.f32(8, 2, 4)]),
      .init(
        Attention(scale: 1, mask: AttentionMask(anyOf: (1...65).map { [.window($0)] })),
        [Sample.f32(1, 6, 4), Sample.f32(8, 2, 4), Sample.f32(8, 2, 4)]),
      .init(Attention(scale: 1, softCap: 0), [Sample.f32(1, 6, 4), Sample.f32(8, 2, 4), Sample.f32(8, 2, 4)]),
      .init(Attention(scale: 1, softCap: .nan), [Sample.f32(1, 6, 4), Sample.f32(8, 2, 4), Sample.f32(8, 2, 4)]),
      .init(Attention(scale: 1, valueLength: 5), [Sample.f32(1, 6, 4), Sample.f32(8, 2, 4)]),
      .init(Attention(scale: 1, valueLength: -1), [Sample.f32(1, 6, 4), Sample.f32(8, 2, 4)]),
      .init(Attention(scale: 1, valueLength: 4), [Sample.f32(1, 6, 4), Sample.f32(8, 2, 4), Sample.f32(8, 2, 4)]),
      .init(Attention(scale: 1, past: -1), [Sample.f32(1, 6, 4), Sample.f32(8, 2, 4), Sample.f32(8, 2, 4)]),
    ],
    literals: [
      .init(
        Attention(scale: 0.5, past: 1),
        [
          Sample.floats([1, 0, 0, 1, 1, 1, -1, 2], [2, 2, 2]),
          Sample.floats([1, 2, 0, 1, 3, -1, .nan, .nan], [4, 1, 2]),
          Sample.floats([1, 10, 2, 20, 4, 40, .nan, .nan], [4, 1, 2]),
        ],
        Sample.floats(
          [1.3775407, 13.775407, 1.3775407, 13.775407, 2.1079113, 21.079113, 1.4071016, 14.071016], [2, 2, 2]))
    ])
}
