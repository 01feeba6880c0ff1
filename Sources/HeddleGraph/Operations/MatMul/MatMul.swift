/// `y[b…, t, m] = epilogue(Σ_k x[b…, t, k] · w[b…, m, k])`, accumulated in float32 in the order of k.
///
/// - x `[B…, T, K]` float32. w `[B…, M, K]` of any weight encoding if ``rightIsTransposed`` (the layout of weights),
///   else `[B…, K, M]` float32. T tokens, K inputs, M outputs; leading axes broadcast as in NumPy. Result
///   `[B…, T, M]` float32.
/// - Or x and w both bfloat16, w in either layout: their products are exact in float32, sums and result are float32.
/// - Or x q8_dynamic, which ``QuantizeActivations`` makes, and w `[M, K]` of any encoding without a pattern. Where w's values are
///   levels, whole numbers are multiplied: their sums over a group of w are exact, and each is scaled once.
/// - The sum may be biased, activated, gated and added to before it is stored: ``Epilogue-swift.struct``.
/// - A sparse w is summed over the places it keeps, in their stored order: what x holds elsewhere is not looked at, be it
///   NaN. If w is nested the sum may stop early: ``kept``.
/// - K = 0 gives zeros. A w in another encoding than x needs rank 2.
public struct MatMul: GraphOperation {
  public static let description = OperationDescription(
    "matmul", family: "MatMul", "y[b…, t, m] = epilogue(Σ_k x[b…, t, k] · w[b…, m, k])",
    operands: [
      .init("x", "[B…, T, K] f32, or bf16 like w, or q8_dynamic"),
      .init("w", "[B…, M, K], any weight encoding; [B…, K, M] if rightIsTransposed is false"),
      .init("bias", "[M] f32, [2M] if gated", isOptional: true, flag: "epilogue.bias"),
      .init("residual", "[B…, T, M] f32", isOptional: true, flag: "epilogue.residual"),
    ],
    members: [
      .init("rightIsTransposed", .flag, default: "true"),
      .init(
        "epilogue", .object,
        members: [
          .init("bias", .flag, default: "false"),
          .init("activation", .choice, choices: Activation.allCases.map(\.rawValue), default: "null"),
          .init("isGated", .flag, default: "false"), .init("residual", .flag, default: "false"),
        ], default: "{}"),
      .init("kept", .dimension, default: "null"),
    ], result: "[B…, T, M] f32")

  public var rightIsTransposed: Bool
  public var epilogue: Epilogue
  /// How many places of each span of a nested sparse w are used, the most important first; nil for all. A symbol here is
  /// chosen at each run: the sparsity of the input's choice from one copy of the weight.
  public var kept: Dimension?

  public init(rightIsTransposed: Bool = true, epilogue: Epilogue = .none, kept: Dimension? = nil) {
    self.rightIsTransposed = rightIsTransposed
    self.epilogue = epilogue
    self.kept = kept
  }

  public var roles: [OperandRole] {
    Self.description.operands.filter { role in
      switch role.name {
      case "bias": epilogue.bias
      case "residual": epilogue.residual
      default: true
      }
    }
  }

  public func takesWeight(at operand: Int, of operands: [TensorType]) -> Bool {
    operand == 1 && rightIsTransposed && operands.dropFirst().first?.rank == 2
  }

  public func inferResults(_ operands: Operands) throws(InferenceError) -> [TensorType] {
    let (x, w) = (try operands["x"], try operands["w"])
    let isLevels = x.encoding == .q8_dynamic
    guard x.encoding == .float32 || x.encoding == .bfloat16 || isLevels else {
      throw .encoding(operand: "x", expected: "f32, or bf16 like w, or q8_dynamic", got: x)
    }
    guard x.rank >= 2 else { throw .rank(operand: "x", expected: "2 or more", got: x) }
    guard w.rank >= 2 else { throw .rank(operand: "w", expected: "2 or more", got: w) }
    guard w.encoding != .int32 else { throw .encoding(operand: "w", expected: "a weight encoding", got: w) }
    if isLevels, w.encoding.pattern != nil {
      throw .encoding(operand: "w of x in q8_dynamic", expected: "no pattern", got: w)
    }
    if w.encoding != x.encoding || isLevels {
      guard x.encoding == .float32 || isLevels else { throw .encoding(operand: "w", expected: "bf16 like x", got: w) }
      guard rightIsTransposed else { throw .encoding(operand: "w that is not transposed", expected: "f32", got: w) }
      guard w.rank == 2 else { throw .rank(operand: "w of encoding \(w.encoding)", expected: "2", got: w) }
    }
    if let kept {
      guard let format = w.encoding.sparse, format.pattern.isNested else {
        throw .encoding(operand: "w of a product that keeps \(kept)", expected: "nested sparse", got: w)
      }
      try operands.require(kept, "kept", atMost: Dimension(format.pattern.keptPerSpan))
    }
    let (wOutputs, wInputs) =
      rightIsTransposed ? (w.extent(-2), w.extent(-1)) : (w.extent(-1), w.extent(-2))
    try operands.equal(x.extent(-1), wInputs, "the inputs K of x and of w")
    let batch = try Binary.broadcast(Array(x.shape.dropLast(2)), Array(w.shape.dropLast(2)), operands)
    var outputs = wOutputs
    if epilogue.isGated {
      guard rightIsTransposed, w.rank == 2, let rows = wOutputs.constant, rows % 2 == 0 else {
        throw .type("w of a gated product must be a fixed [2M, K], got \(w)")
      }
      outputs = Dimension(rows / 2)
    }
    let result = TensorType(.float32, batch + [x.extent(-2), outputs])
    if epilogue.bias {
      let bias = try operands.float32("bias")
      guard MatMul.isBias(bias, of: result, outputs: wOutputs) else {
        throw .type("bias must be f32[\(wOutputs)], got \(bias)")
      }
    }
    if epilogue.residual {
      let residual = try operands.float32("residual")
      guard residual == result else { throw .type("residual must be \(result), got \(residual)") }
    }
    return [result]
  }

  /// Whether a value of this type is one number for each of `outputs`, and does not stretch the result.
  static func isBias(_ type: TensorType, of result: TensorType, outputs: Dimension) -> Bool {
    type.encoding == .float32 && type.shape.last == outputs && type.rank <= result.rank
      && type.shape.dropLast().allSatisfy { $0 == 1 }
  }
}

extension MatMul {
  /// The outputs of a gated product are a multiple of this, for a weight of this encoding: its halves are then whole
  /// groups of rows that are stored or share a pattern together.
  public static func gateRows(_ encoding: Encoding) -> Int {
    guard let format = encoding.sparse else { return 16 }
    return max(16, format.pattern.rowsPerGroup)
  }
}

extension MatMul {
  private enum CodingKeys: String, CodingKey, CaseIterable { case rightIsTransposed, epilogue, kept }

  /// Members may be left out: `{}` is a plain product with a transposed w.
  public init(from decoder: any Decoder) throws {
    let members = try decoder.members(CodingKeys.self)
    self.init(
      rightIsTransposed: try members.decodeIfPresent(Bool.self, forKey: .rightIsTransposed) ?? true,
      epilogue: try members.decodeIfPresent(Epilogue.self, forKey: .epilogue) ?? .none,
      kept: try members.decodeIfPresent(Dimension.self, forKey: .kept))
  }
}

extension GraphBuilder {
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
    return try single(matmul, operands, label, file, line)
  }
}
