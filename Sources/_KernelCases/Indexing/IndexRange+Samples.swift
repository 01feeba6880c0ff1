import HeddleGraph

extension IndexRange {
  public static let samples = OperationSamples(
    accepted: [
      .init(IndexRange(start: Sample.m, count: Sample.n), [], [Sample.i32(Sample.n)]),
      .init(IndexRange(start: 5, count: 0), [], [Sample.i32(0)]),
    ],
    refused: [
      .init(IndexRange(start: Sample.n - 1, count: Sample.n), []),
      .init(IndexRange(start: 0, count: Sample.n - 1), []),
      .init(IndexRange(start: Dimension(Int(Int32.max)), count: Sample.n), []),
      .init(IndexRange(start: 0, count: Sample.n), [Sample.f32(1)]),
      .init(IndexRange(start: Dimension("unknown"), count: 1), []),
    ],
    literals: [
      .init(IndexRange(start: 5, count: 3), [], Sample.integers([5, 6, 7], [3]))
    ])
}
