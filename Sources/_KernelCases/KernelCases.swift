import HeddleGraph

/// Every case, family by family.
public enum KernelCases {
  /// All cases; empty if making them failed, which ``make()`` explains.
  public static let all: [OpCase] = (try? make()) ?? []

  /// The cases of every test run: all but the campaign's.
  public static let short: [OpCase] = all.filter { !$0.isCampaign }

  /// The cases of one `Operation.Kind` that every test run has.
  public static func cases(operation: Operation.Kind) -> [OpCase] {
    short.filter { $0.operation == operation.rawValue }
  }

  /// The cases of one family: `MatMul`, `Attention`, …
  public static func cases(family: String) -> [OpCase] { all.filter { $0.family == family } }

  /// Makes all cases anew.
  public static func make() throws -> [OpCase] {
    let families = [
      matmul, gatedMatmul, sparseMatmul, attention, rotary, append, convert, rmsNorm, softmax, elementwise, gatedSiLU,
      unary, prune, embeddingLookup, argmax, range, reshape, transpose, slice, concatenate,
    ]
    return try families.flatMap { try $0() }
  }
}
