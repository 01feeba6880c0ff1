/// Joins what attention to two sets of keys gave, as if it had been one attention to all of them.
///
/// ```
/// y[t, h, :] = (e^l₁ · y₁[t, h, :] + e^l₂ · y₂[t, h, :]) / (e^l₁ + e^l₂)      l[t, h] = log(e^l₁ + e^l₂)
/// ```
///
/// - y₁, y₂ `[T, H, E]` and their log-sum-exp l₁, l₂ `[T, H]` float32; results y `[T, H, E]` and l `[T, H]` float32.
/// - A part of l = −∞ saw no key: the other's values are kept, whatever its y holds. Two such give y = 0 and l = −∞.
/// - Several windows, tiers of memory or modalities are merged one after the other.
/// - Source: Dao et al., *FlashAttention*, 2022; Dao, *Flash-Decoding*, 2023.
public struct MergeAttention: GraphOperation {
  public static let description = OperationDescription(
    "mergeAttention", family: "Attention",
    "y = (e^l₁ · y₁ + e^l₂ · y₂) / (e^l₁ + e^l₂) of each token and head, and l = log(e^l₁ + e^l₂)",
    operands: [
      .init("first", "y₁ [T, H, E] f32"), .init("firstLogSumExp", "l₁ [T, H] f32"),
      .init("second", "y₂ [T, H, E] f32"), .init("secondLogSumExp", "l₂ [T, H] f32"),
    ], result: "y [T, H, E] f32, and l [T, H] f32")

  public init() {}

  public func inferResults(_ operands: Operands) throws(InferenceError) -> [TensorType] {
    let output = try operands.float32("first", rank: 3)
    let sums = TensorType(.float32, Array(output.shape.dropLast()))
    for (name, expected) in [("firstLogSumExp", sums), ("second", output), ("secondLogSumExp", sums)] {
      let type = try operands.float32(name)
      guard type == expected else { throw .type("\(name) must be \(expected), got \(type)") }
    }
    return [output, sums]
  }
}

/// What attention to some of the keys gave, to be merged with what others gave.
public struct PartialAttention: Sendable {
  /// `[T, H, E]` float32.
  public var output: Value
  /// `[T, H]` float32.
  public var logSumExp: Value

  public init(output: Value, logSumExp: Value) {
    self.output = output
    self.logSumExp = logSumExp
  }
}

extension GraphBuilder {
  /// ``MergeAttention``
  public func mergeAttention(
    _ first: PartialAttention, _ second: PartialAttention, label: String? = nil, file: String = #fileID,
    line: Int = #line
  ) throws(GraphError) -> PartialAttention {
    let operands = [first.output, first.logSumExp, second.output, second.logSumExp]
    return try partialAttention(MergeAttention(), operands, label, file, line)
  }

  /// An operation that gives an output and its log-sum-exp.
  func partialAttention(
    _ operation: some GraphOperation, _ operands: [Value], _ label: String?, _ file: String, _ line: Int
  ) throws(GraphError) -> PartialAttention {
    let results = try apply(operation, operands, label: label, file: file, line: line)
    guard let output = results.first, let sums = results.dropFirst().first else {
      throw .invalidOperation(
        operation.name, operands: [], .type("gives no log-sum-exp"), Origin(file: file, line: line))
    }
    return PartialAttention(output: output, logSumExp: sums)
  }
}
