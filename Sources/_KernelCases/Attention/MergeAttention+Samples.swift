import HeddleGraph

extension MergeAttention {
  public static let samples = OperationSamples(
    accepted: [
      .init(
        MergeAttention(),
        [Sample.f32(Sample.n, 2, 3), Sample.f32(Sample.n, 2), Sample.f32(Sample.n, 2, 3), Sample.f32(Sample.n, 2)],
        [Sample.f32(Sample.n, 2, 3), Sample.f32(Sample.n, 2)])
    ],
    refused: [
      .init(MergeAttention(), [Sample.f32(4, 2, 3), Sample.f32(4, 2), Sample.f32(4, 2, 3)]),
      .init(MergeAttention(), [Sample.f32(4, 2, 3), Sample.f32(4, 3), Sample.f32(4, 2, 3), Sample.f32(4, 2)]),
      .init(MergeAttention(), [Sample.f32(4, 2, 3), Sample.f32(4, 2), Sample.f32(4, 2, 4), Sample.f32(4, 2)]),
      .init(MergeAttention(), [Sample.f32(4, 6), Sample.f32(4), Sample.f32(4, 6), Sample.f32(4)]),
      .init(
        MergeAttention(),
        [Sample.f32(4, 2, 3), TensorType(.int32, [4, 2]), Sample.f32(4, 2, 3), Sample.f32(4, 2)]),
    ],
    literals: [
      .init(
        MergeAttention(),
        [
          Sample.floats([1, 2, 3, 4], [2, 1, 2]), Sample.floats([0, -.infinity], [2, 1]),
          Sample.floats([5, 6, 7, 8], [2, 1, 2]), Sample.floats([0, 2], [2, 1]),
        ],
        Sample.floats([3, 4, 7, 8], [2, 1, 2]), Sample.floats([0.6931472, 2], [2, 1]))
    ])
}
