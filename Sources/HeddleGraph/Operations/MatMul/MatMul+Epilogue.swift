extension MatMul {
  /// What happens to a sum before it is stored: `y = f(Σ + bias) · up + residual`, each part only if it is asked for.
  ///
  /// - ``bias``: float32 of M values (2M if gated) in its last axis, all other axes 1; added to the sum.
  /// - ``activation``: f, applied to the sum with its bias. Without one f is the identity.
  /// - ``isGated``: w is a transposed `[2M, K]`, gate rows then up rows, and f of a gate's sum is multiplied by the
  ///   up row's: `silu` gives a SwiGLU, `gelu` a GeGLU, no activation a bilinear gate. The result is `[…, T, M]`.
  /// - ``residual``: float32 of the result's shape, added last.
  ///
  /// Operands stand in the order x, w, bias, residual. The sum and the result of each step are rounded to float32:
  /// the bits are those of the operations one by one.
  ///
  /// - Source: Shazeer, *GLU Variants Improve Transformer*, 2020.
  public struct Epilogue: Hashable, Codable, Sendable {
    public var bias: Bool
    public var activation: Activation?
    public var isGated: Bool
    public var residual: Bool

    public init(bias: Bool = false, activation: Activation? = nil, isGated: Bool = false, residual: Bool = false) {
      self.bias = bias
      self.activation = activation
      self.isGated = isGated
      self.residual = residual
    }

    /// The sum itself.
    public static let none = Epilogue()

    /// The place of the bias among the operands.
    public var biasOperand: Int? { bias ? 2 : nil }

    /// The place of the residual among the operands.
    public var residualOperand: Int? { residual ? (bias ? 3 : 2) : nil }

    /// The parts that are there, in the order they are applied: `bias silu gated residual`.
    public var name: String {
      [bias ? "bias" : nil, activation?.rawValue, isGated ? "gated" : nil, residual ? "residual" : nil]
        .compactMap { $0 }.joined(separator: " ")
    }
  }
}

extension MatMul.Epilogue {
  private enum CodingKeys: String, CodingKey, CaseIterable { case bias, activation, isGated, residual }

  /// Members may be left out.
  public init(from decoder: any Decoder) throws {
    let members = try decoder.members(CodingKeys.self)
    self.init(
      bias: try members.decodeIfPresent(Bool.self, forKey: .bias) ?? false,
      activation: try members.decodeIfPresent(Activation.self, forKey: .activation),
      isGated: try members.decodeIfPresent(Bool.self, forKey: .isGated) ?? false,
      residual: try members.decodeIfPresent(Bool.self, forKey: .residual) ?? false)
  }
}
