import HeddleGraph
import HeddleReference

/// `y [tokens, outputs] = x [tokens, inputs] · wᵀ` with a constant w `[outputs, inputs]`, at a size that is worth timing.
public struct MatMulSize: Hashable, Sendable, CustomStringConvertible {
  /// Of w.
  public let encoding: Encoding
  public let tokens: Int
  public let inputs: Int
  public let outputs: Int
  /// Bytes of w in its own format; of a sparse one also its indices.
  public let weightsByteCount: Int

  /// - Throws: ``TypeError`` if the encoding has no weight of this shape.
  public init(_ encoding: Encoding, tokens: Int, inputs: Int, outputs: Int) throws {
    self.encoding = encoding
    self.tokens = tokens
    self.inputs = inputs
    self.outputs = outputs
    weightsByteCount = try encoding.byteCount(shape: [outputs, inputs])
  }

  public var sparseFormat: SparseFormat? { if case .sparse(let format) = encoding { format } else { nil } }

  /// `dense-f32`, `2:4-f32`
  public var weightsName: String { sparseFormat?.name ?? "dense-\(encoding.name)" }

  /// `dense-f32 2048x2048x2048`
  public var description: String { "\(weightsName) \(tokens)x\(inputs)x\(outputs)" }

  /// The type of x: bfloat16 beside a bfloat16 w, else float32.
  public var activations: ScalarType { encoding == .bfloat16 ? .bfloat16 : .float32 }

  /// The type whose values x has: those of w where that is narrower, so that whoever narrows x computes the same product.
  private var activationValues: ScalarType {
    switch encoding {
    case .bfloat16: .bfloat16
    case .float16: .float16
    default: .float32
    }
  }

  /// Multiplications and additions of the dense product.
  public var denseOperations: Double { 2 * Double(tokens) * Double(inputs) * Double(outputs) }

  /// Those that are left of them where w keeps a part.
  public var floatingPointOperations: Double { denseOperations * (sparseFormat?.pattern.density ?? 1) }

  /// x, w and y, each once.
  public var byteCount: Int { weightsByteCount + tokens * inputs * activations.byteCount + tokens * outputs * 4 }

  /// The case: input `x`, constant `w`, output `y`.
  ///
  /// - Parameter range: What the number of tokens may be, as the symbol `tokens`; nil for ``tokens`` alone.
  public func opCase(tokens range: ClosedRange<Int>? = nil) throws -> OpCase {
    let draft = CaseDraft(MatMul.self, description)
    let values = draft.random.units(tokens * inputs, exactIn: activationValues)
    let x = try encode(values, as: .dense(activations), shape: [tokens, inputs])
    let w = try draft.repeatedWeights(encoding, [outputs, inputs])
    let rows = try range.map { try draft.builder.symbol("tokens", in: $0) } ?? Dimension(tokens)
    let y = try draft.builder.matmul(
      draft.input("x", x, [rows, Dimension(inputs)]), draft.constant("w", w))
    return try draft.finish(
      ["y": y], MatMul.matmulBound(MatMul(), x, w), floatingPointOperations: Int(denseOperations))
  }
}
