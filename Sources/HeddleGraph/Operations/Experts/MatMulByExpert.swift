/// `y[t, j, :] = epilogue(w[indices[t, j], :, :] · x[t, :])`: products of tokens, each with the weights of its own experts.
///
/// - x `[T, K]` float32, which all experts of a token take, or `[T, N, K]`, a row for each; or either in q8_dynamic, which
///   ``QuantizeActivations`` makes. w `[E, M, K]`, a constant of any weight encoding without a pattern. indices `[T, N]`
///   int32. Result `[T, N, M]` float32. T tokens, N experts of each, K inputs, M outputs.
/// - Optional bias `[E, M]` float32, ``activation`` and ``isGated`` are parts of ``MatMul/Epilogue-swift.struct``: of a gated
///   product w is `[E, 2M, K]` and bias `[E, 2M]`, gate rows then up rows, M a multiple of 16.
/// - A row has the bits that ``MatMul`` gives with its expert's weights, whatever the other tokens and experts.
/// - An index outside `0 ..< E` gives a row of zeros: no expert, so no part in a sum.
/// - Weights of experts that no index names are not read.
/// - ``resident``, if given, is the most experts whose weights are on the device at a time: a backend with memory of its own fetches
///   others when they are chosen, in the place of those that were used longest ago. No bit depends on it. A run whose tokens
///   choose more experts than that throws ``ExecutionError/expertsExceeded(needed:resident:)``.
public struct MatMulByExpert: GraphOperation {
  public static let description = OperationDescription(
    "matmulByExpert", family: "Experts",
    "y[t, j, :] = epilogue(w[indices[t, j], :, :] · x[t, :]), zeros for an index of no expert",
    operands: [
      .init("x", "[T, K] or [T, N, K], f32 or q8_dynamic"), .init("w", "[E, M, K], any weight encoding"),
      .init("indices", "[T, N] i32"), .init("bias", "[E, M] f32, [E, 2M] if gated", isOptional: true, flag: "bias"),
    ],
    members: [
      .init("bias", .flag, default: "false"),
      .init("activation", .choice, choices: Activation.allCases.map(\.rawValue), default: "null"),
      .init("isGated", .flag, default: "false"),
      .init("resident", .integer, default: "null"),
    ], result: "[T, N, M] f32")

  public var bias: Bool
  public var activation: Activation?
  public var isGated: Bool
  /// The most experts on the device at a time; nil for all.
  public var resident: Int?

  public init(bias: Bool = false, activation: Activation? = nil, isGated: Bool = false, resident: Int? = nil) {
    self.bias = bias
    self.activation = activation
    self.isGated = isGated
    self.resident = resident
  }

  /// What happens to a sum, as ``MatMul`` says it.
  package var epilogue: MatMul.Epilogue { .init(bias: bias, activation: activation, isGated: isGated) }

  public var roles: [OperandRole] { Self.description.operands.filter { $0.name != "bias" || bias } }

  public func takesWeight(at operand: Int, of operands: [TensorType]) -> Bool { operand == 1 }

  public func inferResults(_ operands: Operands) throws(InferenceError) -> [TensorType] {
    let (x, w) = (try operands["x"], try operands["w"])
    let indices = try operands.int32("indices", rank: 2)
    guard x.encoding == .float32 || x.encoding == .q8_dynamic else {
      throw .encoding(operand: "x", expected: "f32 or q8_dynamic", got: x)
    }
    guard x.rank == 2 || x.rank == 3 else { throw .rank(operand: "x", expected: "2 or 3", got: x) }
    guard w.rank == 3 else { throw .rank(operand: "w", expected: "3", got: w) }
    guard w.encoding != .int32, w.encoding.pattern == nil else {
      throw .encoding(operand: "w", expected: "a weight encoding without a pattern", got: w)
    }
    try operands.equal(x.extent(0), indices.extent(0), "the tokens T of x and of indices")
    if x.rank == 3 { try operands.equal(x.extent(1), indices.extent(1), "the experts N of x and of indices") }
    try operands.equal(x.extent(-1), w.extent(2), "the inputs K of x and of w")
    guard let rows = w.extent(1).constant, let experts = w.extent(0).constant, w.extent(2).constant != nil else {
      throw .type("w must have a fixed shape, got \(w)")
    }
    guard !isGated || rows.isMultiple(of: 32) else {
      throw .type("w of a gated product must be [E, 2M, K], M a multiple of 16, got \(w)")
    }
    if let resident {
      let least = max(1, min(indices.extent(1).constant ?? 1, experts))
      guard resident >= least else { throw .type("at least \(least) experts must be resident, got \(resident)") }
    }
    if bias {
      let type = try operands.float32("bias", rank: 2)
      guard type.shape == [Dimension(experts), Dimension(rows)] else {
        throw .type("bias must be f32[\(experts), \(rows)], got \(type)")
      }
    }
    return [TensorType(.float32, indices.shape + [Dimension(isGated ? rows / 2 : rows)])]
  }
}

extension MatMulByExpert {
  private enum CodingKeys: String, CodingKey, CaseIterable { case bias, activation, isGated, resident }

  /// Members may be left out.
  public init(from decoder: any Decoder) throws {
    let members = try decoder.members(CodingKeys.self)
    self.init(
      bias: try members.decodeIfPresent(Bool.self, forKey: .bias) ?? false,
      activation: try members.decodeIfPresent(Activation.self, forKey: .activation),
      isGated: try members.decodeIfPresent(Bool.self, forKey: .isGated) ?? false,
      resident: try members.decodeIfPresent(Int.self, forKey: .resident))
  }
}

/// Without ``MatMulByExpert/resident``: the same kernels are best, and choices among them are by what this shows.
extension MatMulByExpert: CustomReflectable {
  public var customMirror: Mirror {
    Mirror(
      self, children: ["bias": bias, "activation": activation as Any, "isGated": isGated],
      displayStyle: .struct)
  }
}

extension GraphBuilder {
  /// ``MatMulByExpert``, with what is given of its epilogue.
  public func matmulByExpert(
    _ x: Value, _ w: Value, indices: Value, bias: Value? = nil, activation: Activation? = nil, isGated: Bool = false,
    resident: Int? = nil, label: String? = nil, file: String = #fileID, line: Int = #line
  ) throws(GraphError) -> Value {
    let operation = MatMulByExpert(bias: bias != nil, activation: activation, isGated: isGated, resident: resident)
    return try single(operation, [x, w, indices] + [bias].compactMap { $0 }, label, file, line)
  }
}
