import HeddleGraph

extension Binary {
  public static let samples = OperationSamples(
    accepted: [
      .init(Binary(function: .add), [Sample.f32(Sample.n, 1), Sample.f32(3)], [Sample.f32(Sample.n, 3)]),
      .init(Binary(function: .multiply), [Sample.f32(3, 0), Sample.f32(3, 0)], [Sample.f32(3, 0)]),
    ],
    refused: [
      .init(Binary(function: .add), [Sample.f32(2), Sample.f32(3)]),
      .init(Binary(function: .add), [Sample.f32(2), Sample.i32(2)]),
    ],
    literals: [
      .init(
        Binary(function: .add), [Sample.floats([1, 2], [2, 1]), Sample.floats([10, 20, 30], [3])],
        Sample.floats([11, 21, 31, 12, 22, 32], [2, 3])),
      .init(
        Binary(function: .multiply), [Sample.floats([1, 2], [2, 1]), Sample.floats([10, 20, 30], [3])],
        Sample.floats([10, 20, 30, 20, 40, 60], [2, 3])),
    ])
}
