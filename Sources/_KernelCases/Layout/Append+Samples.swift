import HeddleGraph

extension Append {
  public static let samples = OperationSamples(
    accepted: [
      .init(Append(position: Sample.n), [Sample.f32(Sample.m, 3), Sample.f32(Sample.n, 3)], [Sample.f32(Sample.m, 3)]),
      .init(Append(position: 0), [Sample.f32(0, 2), Sample.f32(0, 2)], [Sample.f32(0, 2)]),
    ],
    refused: [
      .init(Append(position: Sample.n - 1), [Sample.f32(4, 3), Sample.f32(Sample.n, 3)]),
      .init(Append(position: 0), [Sample.type("q4_0", 4, 32), Sample.type("q4_0", 1, 32)]),
      .init(Append(position: 0), [Sample.f32(4, 3), Sample.f32(1, 2)]),
      .init(Append(position: 0), [Sample.f32(4, 3), Sample.i32(1, 3)]),
      .init(Append(position: 0), [Sample.f32(), Sample.f32()]),
    ],
    literals: [
      .init(
        Append(position: 1), [Sample.floats([1, 2, 3, 4, 5, 6], [3, 2]), Sample.floats([7, 8], [1, 2])],
        Sample.floats([1, 2, 7, 8, 5, 6], [3, 2]))
    ])
}
