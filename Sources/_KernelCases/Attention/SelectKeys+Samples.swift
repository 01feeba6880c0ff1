import HeddleGraph

extension SelectKeys {
  public static let samples = OperationSamples(
    accepted: [
      .init(
        SelectKeys(keys: Sample.m), [Sample.i32(Sample.n, 2, 3)],
        [Sample.i32(Sample.n, 2, Sample.m.dividedRoundingUp(by: 32))]),
      .init(
        SelectKeys(keys: 100, block: 64, queries: 64), [Sample.i32(Sample.n, 1, 16)], [Sample.i32(Sample.n * 64, 1, 4)]),
    ],
    refused: [
      .init(SelectKeys(keys: 64), [Sample.i32(4, 2)]),
      .init(SelectKeys(keys: 64), [Sample.f32(4, 2, 3)]),
      .init(SelectKeys(keys: -1), [Sample.i32(4, 2, 3)]),
      .init(SelectKeys(keys: 64, block: 0), [Sample.i32(4, 2, 3)]),
      .init(SelectKeys(keys: 64, queries: 0), [Sample.i32(4, 2, 3)]),
      .init(SelectKeys(keys: 64, block: 1 << 31), [Sample.i32(4, 2, 3)]),
    ],
    literals: [
      .init(
        SelectKeys(keys: 8, queries: 2), [Sample.integers([0, 3], [2, 1, 1])],
        Sample.integers([1, 1, 8, 8], [4, 1, 1])),
      .init(
        SelectKeys(keys: 40), [Sample.integers([0, 33, -1, 40], [1, 1, 4])], Sample.integers([1, 2], [1, 1, 2])),
      .init(
        SelectKeys(keys: 40, block: 16), [Sample.integers([1, 2], [1, 1, 2])],
        Sample.integers([-65536, 255], [1, 1, 2])),
    ])
}
