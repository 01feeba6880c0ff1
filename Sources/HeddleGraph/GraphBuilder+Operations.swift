// One method an operation: what it computes and what it takes stands at the operation's own type.
extension GraphBuilder {
  // Traps: never, inference gives every operation a result, custom ones included.
  private func single(
    _ operation: Operation, _ operands: [Value], _ label: String?, _ file: String, _ line: Int
  ) throws(GraphError) -> Value {
    let results = try apply(operation, operands, label: label, file: file, line: line)
    return results[0]
  }

  /// ``Input``
  public func input(
    _ name: String, _ encoding: Encoding, _ shape: [Dimension], file: String = #fileID, line: Int = #line
  ) throws(GraphError) -> Value {
    try single(.input(Input(name: name, type: TensorType(encoding, shape))), [], name, file, line)
  }

  /// ``Constant``: the type comes from the store.
  public func constant(
    _ id: ConstantID, in store: ConstantStore, label: String? = nil, file: String = #fileID, line: Int = #line
  ) throws(GraphError) -> Value {
    guard let type = try? store.type(id) else {
      throw .unknownConstant(id, Origin(file: file, line: line))
    }
    return try single(.constant(Constant(id: id, type: type)), [], label ?? id.name, file, line)
  }

  /// ``Parameter``
  public func parameter(
    _ name: String, _ encoding: Encoding, _ shape: [Dimension], file: String = #fileID, line: Int = #line
  ) throws(GraphError) -> Value {
    try single(.parameter(Parameter(name: name, type: TensorType(encoding, shape))), [], name, file, line)
  }

  /// ``State``
  public func state(
    _ name: String, _ encoding: Encoding, _ shape: [Dimension], file: String = #fileID, line: Int = #line
  ) throws(GraphError) -> Value {
    try single(.state(State(name: name, type: TensorType(encoding, shape))), [], name, file, line)
  }

  /// ``IndexRange``
  public func range(
    from start: Dimension, count: Dimension, file: String = #fileID, line: Int = #line
  ) throws(GraphError) -> Value {
    try single(.range(IndexRange(start: start, count: count)), [], nil, file, line)
  }

  /// ``Convert``
  public func convert(
    _ x: Value, to encoding: Encoding, file: String = #fileID, line: Int = #line
  ) throws(GraphError) -> Value {
    try single(.convert(Convert(encoding: encoding)), [x], nil, file, line)
  }

  /// ``Prune``
  public func prune(
    _ x: Value, as format: SparseFormat, file: String = #fileID, line: Int = #line
  ) throws(GraphError) -> Value {
    try single(.prune(Prune(format: format)), [x], nil, file, line)
  }

  /// ``EmbeddingLookup``
  public func embeddingLookup(
    table: Value, ids: Value, label: String? = nil, file: String = #fileID, line: Int = #line
  ) throws(GraphError) -> Value {
    try single(.embeddingLookup(EmbeddingLookup()), [table, ids], label, file, line)
  }

  /// ``RMSNorm``
  public func rmsNorm(
    _ x: Value, weight: Value, epsilon: Float, label: String? = nil, file: String = #fileID, line: Int = #line
  ) throws(GraphError) -> Value {
    try single(.rmsNorm(RMSNorm(epsilon: epsilon)), [x, weight], label, file, line)
  }

  /// ``MatMul``, with what is given of its ``MatMul/Epilogue-swift.struct``.
  public func matmul(
    _ x: Value, _ w: Value, rightIsTransposed: Bool = true, bias: Value? = nil, activation: Activation? = nil,
    isGated: Bool = false, residual: Value? = nil, kept: Dimension? = nil, label: String? = nil,
    file: String = #fileID, line: Int = #line
  ) throws(GraphError) -> Value {
    let epilogue = MatMul.Epilogue(
      bias: bias != nil, activation: activation, isGated: isGated, residual: residual != nil)
    let operands = [x, w] + [bias, residual].compactMap { $0 }
    let matmul = MatMul(rightIsTransposed: rightIsTransposed, epilogue: epilogue, kept: kept)
    return try single(.matmul(matmul), operands, label, file, line)
  }

  /// ``RotaryEmbedding``
  public func rotaryEmbedding(
    _ x: Value, positions: Value, factors: Value? = nil, _ rotary: RotaryEmbedding, label: String? = nil,
    file: String = #fileID, line: Int = #line
  ) throws(GraphError) -> Value {
    try single(.rotaryEmbedding(rotary), [x, positions] + [factors].compactMap { $0 }, label, file, line)
  }

  /// ``Append``
  public func append(
    _ x: Value, to cache: Value, at position: Dimension, label: String? = nil, file: String = #fileID,
    line: Int = #line
  ) throws(GraphError) -> Value {
    try single(.append(Append(position: position)), [cache, x], label, file, line)
  }

  /// ``CausalAttention``
  public func causalAttention(
    queries: Value, keys: Value, values: Value, past: Dimension, scale: Float, label: String? = nil,
    file: String = #fileID, line: Int = #line
  ) throws(GraphError) -> Value {
    try single(.causalAttention(CausalAttention(scale: scale, past: past)), [queries, keys, values], label, file, line)
  }

  /// ``GatedSiLU``
  public func gatedSiLU(
    gate: Value, up: Value, label: String? = nil, file: String = #fileID, line: Int = #line
  ) throws(GraphError) -> Value {
    try single(.gatedSiLU(GatedSiLU()), [gate, up], label, file, line)
  }

  /// ``Elementwise``: the sum.
  public func add(
    _ left: Value, _ right: Value, label: String? = nil, file: String = #fileID, line: Int = #line
  ) throws(GraphError) -> Value {
    try single(.elementwise(Elementwise(function: .add)), [left, right], label, file, line)
  }

  /// ``Elementwise``: the product.
  public func multiply(
    _ left: Value, _ right: Value, label: String? = nil, file: String = #fileID, line: Int = #line
  ) throws(GraphError) -> Value {
    try single(.elementwise(Elementwise(function: .multiply)), [left, right], label, file, line)
  }

  /// ``Unary``
  public func unary(
    _ function: Unary.Function, _ x: Value, label: String? = nil, file: String = #fileID, line: Int = #line
  ) throws(GraphError) -> Value {
    try single(.unary(Unary(function: function)), [x], label, file, line)
  }

  /// ``Softmax``
  public func softmax(_ x: Value, file: String = #fileID, line: Int = #line) throws(GraphError) -> Value {
    try single(.softmax(Softmax()), [x], nil, file, line)
  }

  /// ``ArgMax``
  public func argmax(_ x: Value, file: String = #fileID, line: Int = #line) throws(GraphError) -> Value {
    try single(.argmax(ArgMax()), [x], nil, file, line)
  }

  /// ``Reshape``
  public func reshape(
    _ x: Value, to shape: [Dimension], file: String = #fileID, line: Int = #line
  ) throws(GraphError) -> Value {
    try single(.reshape(Reshape(shape: shape)), [x], nil, file, line)
  }

  /// ``Transpose``
  public func transpose(
    _ x: Value, _ permutation: [Int], file: String = #fileID, line: Int = #line
  ) throws(GraphError) -> Value {
    try single(.transpose(Transpose(permutation: permutation)), [x], nil, file, line)
  }

  /// ``Slice``
  public func slice(
    _ x: Value, axis: Int, start: Dimension, count: Dimension, file: String = #fileID, line: Int = #line
  ) throws(GraphError) -> Value {
    try single(.slice(Slice(axis: axis, start: start, count: count)), [x], nil, file, line)
  }

  /// ``Concatenate``
  public func concatenate(
    _ operands: [Value], axis: Int, file: String = #fileID, line: Int = #line
  ) throws(GraphError) -> Value {
    try single(.concatenate(Concatenate(axis: axis)), operands, nil, file, line)
  }

  /// ``Custom``
  public func custom(
    _ custom: Custom, _ operands: [Value], file: String = #fileID, line: Int = #line
  ) throws(GraphError) -> [Value] {
    try apply(.custom(custom), operands, label: custom.name, file: file, line: line)
  }
}
