// The methods that add an attention to a graph.
extension GraphBuilder {
  /// ``Attention``
  public func attention(
    queries: Value, keys: Value, values: Value, with others: AttentionOperands = AttentionOperands(),
    past: Dimension = 0, scale: Float, mask: AttentionMask = .causal, softCap: Float? = nil, label: String? = nil,
    file: String = #fileID, line: Int = #line
  ) throws(GraphError) -> Value {
    let operation = Attention(scale: scale, past: past, mask: mask, softCap: softCap, takes: others.roles)
    return try single(operation, [queries, keys, values] + others.values, label, file, line)
  }

  /// ``Attention`` with its ``Attention/logSumExp``.
  public func attentionWithLogSumExp(
    queries: Value, keys: Value, values: Value, with others: AttentionOperands = AttentionOperands(),
    past: Dimension = 0, scale: Float, mask: AttentionMask = .causal, softCap: Float? = nil, label: String? = nil,
    file: String = #fileID, line: Int = #line
  ) throws(GraphError) -> PartialAttention {
    let operation = Attention(
      scale: scale, past: past, mask: mask, softCap: softCap, logSumExp: true, takes: others.roles)
    return try partialAttention(operation, [queries, keys, values] + others.values, label, file, line)
  }

  /// ``Attention`` whose values are the first ``Attention/valueLength`` of each key.
  public func attention(
    queries: Value, keys: Value, valueLength: Int, with others: AttentionOperands = AttentionOperands(),
    past: Dimension = 0, scale: Float, mask: AttentionMask = .causal, softCap: Float? = nil, label: String? = nil,
    file: String = #fileID, line: Int = #line
  ) throws(GraphError) -> Value {
    let operation = Attention(
      scale: scale, past: past, mask: mask, softCap: softCap, valueLength: valueLength, takes: others.roles)
    return try single(operation, [queries, keys] + others.values, label, file, line)
  }

  /// ``Attention`` whose values are the first ``Attention/valueLength`` of each key, with its ``Attention/logSumExp``.
  public func attentionWithLogSumExp(
    queries: Value, keys: Value, valueLength: Int, with others: AttentionOperands = AttentionOperands(),
    past: Dimension = 0, scale: Float, mask: AttentionMask = .causal, softCap: Float? = nil, label: String? = nil,
    file: String = #fileID, line: Int = #line
  ) throws(GraphError) -> PartialAttention {
    let operation = Attention(
      scale: scale, past: past, mask: mask, softCap: softCap, logSumExp: true, valueLength: valueLength,
      takes: others.roles)
    return try partialAttention(operation, [queries, keys] + others.values, label, file, line)
  }
}
