import HeddleGraph

extension MatMulByExpert {
  public static let samples = OperationSamples(
    accepted: [
      .init(
        MatMulByExpert(), [Sample.f32(Sample.n, 32), Sample.type("q4_0", 3, 5, 32), Sample.i32(Sample.n, 2)],
        [Sample.f32(Sample.n, 2, 5)]),
      .init(
        MatMulByExpert(), [Sample.f32(Sample.n, 2, 8), Sample.f32(3, 16, 8), Sample.i32(Sample.n, 2)],
        [Sample.f32(Sample.n, 2, 16)]),
      .init(
        MatMulByExpert(),
        [Sample.type("q8_dynamic", Sample.n, 32), Sample.type("q8_0", 3, 16, 32), Sample.i32(Sample.n, 2)],
        [Sample.f32(Sample.n, 2, 16)]),
      .init(
        MatMulByExpert(bias: true, activation: .silu, isGated: true),
        [Sample.f32(4, 8), Sample.bf16(3, 32, 8), Sample.i32(4, 2), Sample.f32(3, 32)], [Sample.f32(4, 2, 16)]),
      .init(MatMulByExpert(), [Sample.f32(3, 0), Sample.f32(2, 5, 0), Sample.i32(3, 1)], [Sample.f32(3, 1, 5)]),
      .init(MatMulByExpert(), [Sample.f32(3, 4), Sample.f32(0, 16, 4), Sample.i32(3, 1)], [Sample.f32(3, 1, 16)]),
      .init(
        MatMulByExpert(), [Sample.f32(Sample.n, 4), Sample.f32(2, 0, 4), Sample.i32(Sample.n, 1)],
        [Sample.f32(Sample.n, 1, 0)]),
    ],
    refused: [
      .init(MatMulByExpert(), [Sample.f32(4, 8), Sample.f32(3, 5, 9), Sample.i32(4, 2)]),
      .init(MatMulByExpert(), [Sample.f32(4, 8), Sample.f32(5, 8), Sample.i32(4, 2)]),
      .init(MatMulByExpert(), [Sample.f32(8), Sample.f32(3, 5, 8), Sample.i32(4, 2)]),
      .init(MatMulByExpert(), [Sample.f32(4, 8), Sample.f32(3, 5, 8), Sample.i32(3, 2)]),
      .init(MatMulByExpert(), [Sample.f32(4, 8), Sample.f32(3, 5, 8), Sample.i32(4)]),
      .init(MatMulByExpert(), [Sample.f32(4, 8), Sample.f32(3, 5, 8), Sample.f32(4, 2)]),
      .init(MatMulByExpert(), [Sample.f32(4, 3, 8), Sample.f32(3, 5, 8), Sample.i32(4, 2)]),
      .init(MatMulByExpert(), [Sample.bf16(4, 8), Sample.bf16(3, 5, 8), Sample.i32(4, 2)]),
      .init(MatMulByExpert(), [Sample.f32(4, 8), Sample.i32(3, 5, 8), Sample.i32(4, 2)]),
      .init(MatMulByExpert(), [Sample.f32(4, 8), Sample.f32(Sample.n, 5, 8), Sample.i32(4, 2)]),
      .init(MatMulByExpert(isGated: true), [Sample.f32(4, 8), Sample.f32(3, 16, 8), Sample.i32(4, 2)]),
      .init(MatMulByExpert(bias: true), [Sample.f32(4, 8), Sample.f32(3, 5, 8), Sample.i32(4, 2)]),
      .init(MatMulByExpert(bias: true), [Sample.f32(4, 8), Sample.f32(3, 5, 8), Sample.i32(4, 2), Sample.f32(5)]),
    ],
    literals: [
      .init(
        MatMulByExpert(),
        [
          Sample.floats([1, 2, 3, 4], [2, 2]), Sample.floats([1, 0, 0, 1, 2, -1], [3, 1, 2]),
          Sample.integers([2, 0, 3, 1], [2, 2]),
        ], Sample.floats([0, 1, 0, 4], [2, 2, 1]))
    ])
}
