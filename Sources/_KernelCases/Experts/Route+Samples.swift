import HeddleGraph

extension Route {
  public static let samples = OperationSamples(
    accepted: [
      .init(Route(count: 3), [Sample.f32(Sample.n, 8)], [Sample.i32(Sample.n, 3), Sample.f32(Sample.n, 3)]),
      .init(
        Route(
          count: 2, scores: .sigmoid, groups: .init(count: 4, kept: 2, score: .sumOfTwoGreatest), normalizes: true,
          scale: 2.5, bias: true), [Sample.f32(Sample.n, 8), Sample.f32(8)],
        [Sample.i32(Sample.n, 2), Sample.f32(Sample.n, 2)]),
      .init(
        Route(count: 1, epsilon: 0.5, bias: true, load: true), [Sample.f32(2, 4), Sample.f32(4), Sample.i32(4)],
        [Sample.i32(2, 1), Sample.f32(2, 1)]),
      .init(Route(count: 3, used: 2), [Sample.f32(2, 4)], [Sample.i32(2, 3), Sample.f32(2, 3)]),
      .init(
        Route(count: 2, scores: .sqrtSoftplus, table: true),
        [Sample.f32(Sample.n, 4), Sample.i32(Sample.m, 2), Sample.i32(Sample.n)],
        [Sample.i32(Sample.n, 2), Sample.f32(Sample.n, 2)]),
    ],
    refused: [
      .init(Route(count: 1), [Sample.f32(4)]),
      .init(Route(count: 1), [Sample.f32(4, Sample.n)]),
      .init(Route(count: 0), [Sample.f32(2, 4)]),
      .init(Route(count: 2, used: 3), [Sample.f32(2, 4)]),
      .init(Route(count: 2, used: -1), [Sample.f32(2, 4)]),
      .init(Route(count: 2, used: Sample.n), [Sample.f32(2, 4)]),
      .init(Route(count: 5), [Sample.f32(2, 4)]),
      .init(Route(count: 1, temperature: 0), [Sample.f32(2, 4)]),
      .init(Route(count: 1, epsilon: -1), [Sample.f32(2, 4)]),
      .init(Route(count: 1, bias: true), [Sample.f32(2, 4)]),
      .init(Route(count: 1, bias: true), [Sample.f32(2, 4), Sample.f32(3)]),
      .init(Route(count: 1, load: true), [Sample.f32(2, 4), Sample.bf16(4)]),
      .init(Route(count: 1, load: true), [Sample.f32(2, 4), Sample.f32(1, 4)]),
      .init(Route(count: 1, scores: .softmaxOfChosen, load: true), [Sample.f32(2, 4), Sample.f32(4)]),
      .init(Route(count: 1, groups: .init(count: 3, kept: 1)), [Sample.f32(2, 4)]),
      .init(Route(count: 1, groups: .init(count: 2, kept: 3)), [Sample.f32(2, 4)]),
      .init(Route(count: 3, groups: .init(count: 2, kept: 1)), [Sample.f32(2, 4)]),
      .init(Route(count: 1, table: true), [Sample.f32(2, 4), Sample.i32(3, 2), Sample.i32(2)]),
      .init(Route(count: 1, table: true), [Sample.f32(2, 4), Sample.i32(3, 1), Sample.i32(3)]),
      .init(
        Route(count: 1, bias: true, table: true), [Sample.f32(2, 4), Sample.f32(4), Sample.i32(3, 1), Sample.i32(2)]),
      .init(Route(count: 1), [Sample.i32(2, 4)]),
    ],
    literals: [
      // Of equals the first; NaN last; the bias chooses and does not weigh.
      .init(
        Route(count: 3, scores: .softmaxOfChosen, normalizes: true, scale: 3),
        [Sample.floats([5, 5, 5, -9, 0, .nan, -9, -9], [2, 4])], Sample.integers([0, 1, 2, 0, 2, 3], [2, 3]),
        Sample.floats([1, 1, 1, 2.9992597, 0.00037013805, 0.00037013805], [2, 3])),
      .init(
        Route(count: 1, scores: .sigmoid, bias: true), [Sample.floats([0, 0], [1, 2]), Sample.floats([0, 0.25])],
        Sample.integers([1], [1, 1]), Sample.floats([0.5], [1, 1])),
      // What is not used has no part in the sum.
      .init(
        Route(count: 2, scores: .sigmoid, used: 1, normalizes: true), [Sample.floats([1, 0, 2], [1, 3])],
        Sample.integers([2, -1], [1, 2]), Sample.floats([1, 0], [1, 2])),
    ])
}
