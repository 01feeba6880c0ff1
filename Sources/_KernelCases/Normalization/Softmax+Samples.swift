import HeddleGraph

extension Softmax {
  public static let samples = OperationSamples(
    accepted: [
      .init(Softmax(), [Sample.f32(Sample.n)], [Sample.f32(Sample.n)]),
      .init(Softmax(), [Sample.f32(3, 0)], [Sample.f32(3, 0)]),
    ],
    refused: [
      .init(Softmax(), [Sample.f32()])
    ],
    literals: [
      .init(
        Softmax(), [Sample.floats([1, 2, 3, 0, 0, 0], [2, 3])],
        Sample.floats([0.09003057, 0.24472848, 0.66524094, 0.33333334, 0.33333334, 0.33333334], [2, 3]))
    ])
}
