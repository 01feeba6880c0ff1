import HeddleGraph

/// An operation with cases: what tests run on every device in every variant, benchmarks time and the tuner tunes for.
public protocol CasedOperation: GraphOperation {
  /// Cases in every size and form that kernels treat differently, some of them small.
  static func cases() throws -> [OpCase]

  /// Uses of the operation, right and wrong ones.
  static var samples: OperationSamples { get }
}
