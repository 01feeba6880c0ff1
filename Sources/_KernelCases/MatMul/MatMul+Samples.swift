import HeddleGraph

extension MatMul {
  public static let samples = OperationSamples(
    accepted: [
      .init(MatMul(), [Sample.f32(Sample.n, 32), Sample.type("q4_0", 5, 32)], [Sample.f32(Sample.n, 5)]),
      .init(
        MatMul(rightIsTransposed: false), [Sample.f32(2, Sample.n, 8), Sample.f32(8, Sample.m)],
        [Sample.f32(2, Sample.n, Sample.m)]),
      .init(
        MatMul(epilogue: .init(residual: true)),
        [Sample.f32(Sample.n, 32), Sample.type("q4_0", 5, 32), Sample.f32(Sample.n, 5)], [Sample.f32(Sample.n, 5)]),
      .init(MatMul(), [Sample.f32(2, 1, Sample.n, 8), Sample.f32(3, 4, 8)], [Sample.f32(2, 3, Sample.n, 4)]),
      .init(MatMul(), [Sample.bf16(Sample.n, 8), Sample.bf16(3, 8)], [Sample.f32(Sample.n, 3)]),
      .init(
        MatMul(rightIsTransposed: false), [Sample.bf16(2, Sample.n, 8), Sample.bf16(2, 8, Sample.m)],
        [Sample.f32(2, Sample.n, Sample.m)]),
      .init(
        MatMul(epilogue: .init(bias: true)),
        [Sample.f32(2, Sample.n, 8), Sample.f32(Sample.m, 8), Sample.f32(Sample.m)], [Sample.f32(2, Sample.n, Sample.m)]
      ),
      .init(
        MatMul(epilogue: .init(bias: true, activation: .gelu)),
        [Sample.f32(Sample.n, 8), Sample.f32(8, 8), Sample.f32(1, 8)], [Sample.f32(Sample.n, 8)]),
      .init(
        MatMul(epilogue: .init(bias: true, activation: .relu, isGated: true, residual: true)),
        [Sample.f32(2, Sample.n, 32), Sample.type("q4_0", 6, 32), Sample.f32(6), Sample.f32(2, Sample.n, 3)],
        [Sample.f32(2, Sample.n, 3)]),
      .init(MatMul(), [Sample.f32(3, 0), Sample.f32(5, 0)], [Sample.f32(3, 5)]),
      .init(MatMul(), [Sample.f32(Sample.n, 32), Sample.type("q5_1", 0, 32)], [Sample.f32(Sample.n, 0)]),
      .init(MatMul(), [Sample.f32(Sample.n, 32), Sample.type("nvw16:32-int8", 5, 32)], [Sample.f32(Sample.n, 5)]),
      .init(
        MatMul(kept: 3), [Sample.f32(Sample.n, 32), Sample.type("nvw16:32-int8", 5, 32)], [Sample.f32(Sample.n, 5)]),
    ],
    refused: [
      .init(MatMul(), [Sample.f32(2, 3), Sample.f32(4, 5)]),
      .init(MatMul(), [Sample.f32(3), Sample.f32(4, 3)]),
      .init(MatMul(), [Sample.f32(2, 3), Sample.f32(3)]),
      .init(MatMul(), [Sample.i32(2, 3), Sample.f32(4, 3)]),
      .init(MatMul(), [Sample.f32(2, 3), Sample.i32(4, 3)]),
      .init(MatMul(rightIsTransposed: false), [Sample.f32(2, 32), Sample.type("q4_0", 32, 32)]),
      .init(MatMul(), [Sample.f32(2, 2, 32), Sample.type("q4_0", 2, 4, 32)]),
      .init(MatMul(), [Sample.f32(2, 2, 3), Sample.f32(3, 4, 3)]),
      .init(MatMul(epilogue: .init(residual: true)), [Sample.f32(2, 3), Sample.f32(4, 3)]),
      .init(MatMul(epilogue: .init(residual: true)), [Sample.f32(2, 3), Sample.f32(4, 3), Sample.f32(1, 4)]),
      .init(MatMul(), [Sample.bf16(2, 3), Sample.f32(4, 3)]),
      .init(MatMul(), [Sample.bf16(2, 32), Sample.type("q4_0", 4, 32)]),
      .init(MatMul(), [Sample.f16(2, 3), Sample.f16(4, 3)]),
      .init(MatMul(rightIsTransposed: false), [Sample.f32(2, 3), Sample.bf16(3, 4)]),
      .init(MatMul(epilogue: .init(bias: true)), [Sample.f32(2, 3), Sample.f32(4, 3)]),
      .init(MatMul(epilogue: .init(bias: true)), [Sample.f32(2, 3), Sample.f32(4, 3), Sample.f32(1)]),
      .init(MatMul(epilogue: .init(bias: true)), [Sample.f32(2, 3), Sample.f32(4, 3), Sample.f32(2, 4)]),
      .init(MatMul(epilogue: .init(bias: true)), [Sample.f32(2, 3), Sample.f32(4, 3), Sample.f32(1, 1, 4)]),
      .init(MatMul(epilogue: .init(bias: true)), [Sample.f32(2, 3), Sample.f32(4, 3), Sample.i32(4)]),
      .init(MatMul(epilogue: .init(bias: true, isGated: true)), [Sample.f32(2, 3), Sample.f32(4, 3), Sample.f32(2)]),
      .init(MatMul(epilogue: .init(isGated: true)), [Sample.f32(2, 3), Sample.f32(5, 3)]),
      .init(MatMul(rightIsTransposed: false, epilogue: .init(isGated: true)), [Sample.f32(2, 3), Sample.f32(3, 4)]),
      .init(
        MatMul(epilogue: .init(bias: true, residual: true)),
        [Sample.f32(2, 3), Sample.f32(4, 3), Sample.f32(2, 4), Sample.f32(4)]),
      .init(MatMul(epilogue: .init(activation: .silu)), [Sample.f32(2, 3), Sample.f32(4, 3), Sample.f32(2, 4)]),
    ],
    literals: [
      .init(
        MatMul(), [Sample.floats([1, 2, 3, 4, 5, 6], [2, 3]), Sample.floats([1, 0, -1, 2, 1, 0.5], [2, 3])],
        Sample.floats([-2, 5.5, -2, 16], [2, 2])),
      .init(
        MatMul(rightIsTransposed: false),
        [Sample.floats([1, 2, 3, 4, 5, 6], [2, 3]), Sample.floats([1, 2, 0, 1, -1, 0.5], [3, 2])],
        Sample.floats([-2, 5.5, -2, 16], [2, 2])),
    ])
}
