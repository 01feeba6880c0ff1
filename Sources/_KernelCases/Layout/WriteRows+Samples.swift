import HeddleGraph

extension WriteRows {
  public static let samples = OperationSamples(
    accepted: [
      .init(
        WriteRows(position: 2), [Sample.type("q8_0", Sample.m, 2, 32), Sample.f32(Sample.n, 2, 32)],
        [Sample.type("q8_0", Sample.m, 2, 32)]),
      .init(
        WriteRows(position: 0), [Sample.type("q4_0", 4, 32), Sample.type("q4_0", 1, 32)], [Sample.type("q4_0", 4, 32)]),
      .init(
        WriteRows(position: Sample.n), [Sample.f32(Sample.m, 3), Sample.f32(Sample.n, 3)], [Sample.f32(Sample.m, 3)]),
      .init(WriteRows(position: 0), [Sample.f32(0, 2), Sample.f32(0, 2)], [Sample.f32(0, 2)]),
      .init(
        WriteRows(), [Sample.f32(Sample.m, 3), Sample.f32(Sample.n, 3), Sample.i32(Sample.n)], [Sample.f32(Sample.m, 3)]
      ),
    ],
    refused: [
      .init(WriteRows(position: 0), [Sample.type("q4_0", 4, 32), Sample.f32(1, 32)]),
      .init(WriteRows(position: 0), [Sample.f32(4, 32), Sample.type("f16", 1, 32)]),
      .init(WriteRows(position: Sample.n - 1), [Sample.f32(4, 3), Sample.f32(Sample.n, 3)]),
      .init(WriteRows(position: 0), [Sample.type("q4_0", 4, 33), Sample.type("q4_0", 1, 33)]),
      .init(WriteRows(position: 0), [Sample.type("q4_0", 32), Sample.type("q4_0", 32)]),
      .init(WriteRows(position: 0), [Sample.type("iq2_xs", 4, 256), Sample.type("iq2_xs", 1, 256)]),
      .init(WriteRows(position: 0), [Sample.f32(4, 3), Sample.f32(1, 2)]),
      .init(WriteRows(position: 0), [Sample.f32(4, 3), Sample.i32(1, 3)]),
      .init(WriteRows(position: 0), [Sample.f32(), Sample.f32()]),
      .init(WriteRows(), [Sample.f32(4, 3), Sample.f32(1, 3)]),
      .init(WriteRows(), [Sample.f32(4, 3), Sample.f32(2, 3), Sample.i32(1)]),
      .init(WriteRows(), [Sample.f32(4, 3), Sample.f32(2, 3), Sample.f32(2)]),
      .init(WriteRows(position: 0), [Sample.f32(4, 3), Sample.f32(1, 3), Sample.i32(1)]),
    ],
    literals: [
      .init(
        WriteRows(position: 1), [Sample.floats([1, 2, 3, 4, 5, 6], [3, 2]), Sample.floats([7, 8], [1, 2])],
        Sample.floats([1, 2, 7, 8, 5, 6], [3, 2])),
      .init(
        WriteRows(),
        [
          Sample.floats([1, 2, 3, 4, 5, 6], [3, 2]), Sample.floats([7, 8, 9, 10, 11, 12, 13, 14], [4, 2]),
          Sample.integers([2, -1, 0, 2], [4]),
        ],
        Sample.floats([11, 12, 3, 4, 13, 14], [3, 2])),
    ])
}
