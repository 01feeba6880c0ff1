import HeddleGraph

extension Unary {
  public static let samples = OperationSamples(
    accepted: [
      .init(Unary(function: .tanh), [Sample.f32(Sample.n, 3)], [Sample.f32(Sample.n, 3)]),
      .init(Unary(function: .gelu), [Sample.f32(0)], [Sample.f32(0)]),
    ],
    refused: [
      .init(Unary(function: .relu), [Sample.f32(2), Sample.f32(2)]),
      .init(Unary(function: .relu), [Sample.i32(2)]),
    ],
    literals: [
      .init(
        Unary(function: .silu), [Sample.floats([1, -1], [2])], Sample.floats([0.73105857863, -0.26894142137], [2]))
    ])
}
