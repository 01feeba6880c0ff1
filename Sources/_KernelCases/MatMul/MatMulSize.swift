import HeddleGraph
import HeddleReference

/// `y [tokens, outputs] = x [tokens, inputs] · wᵀ` with a constant w `[outputs, inputs]`, at a size that is worth timing.
public struct MatMulSize: Hashable, Sendable, CustomStringConvertible {
  /// Of w.
  public let encoding: Encoding
  public let tokens: Int
  public let inputs: Int
  public let outputs: Int
  /// x is quantized to eight bits before it is multiplied.
  public let quantizesActivations: Bool
  /// Bytes of w in its own format; of a sparse one also its indices.
  public let weightsByteCount: Int

  /// - Throws: ``TypeError`` if the encoding has no weight of this shape.
  public init(
    _ encoding: Encoding, tokens: Int, inputs: Int, outputs: Int, quantizesActivations: Bool = false
  ) throws {
    self.quantizesActivations = quantizesActivations
    self.encoding = encoding
    self.tokens = tokens
    self.inputs = inputs
    self.outputs = outputs
    weightsByteCount = try encoding.byteCount(shape: [outputs, inputs])
  }

  public var sparseFormat: SparseFormat? { encoding.sparse }

  /// `dense-f32`, `2:4-f32`
  public var weightsName: String { sparseFormat?.name ?? "dense-\(encoding.name)" }

  /// `dense-f32 2048x2048x2048`
  public var description: String {
    "\(weightsName) \(tokens)x\(inputs)x\(outputs)\(quantizesActivations ? " int8" : "")"
  }

  /// The type of x: bfloat16 beside a bfloat16 w, else float32.
  public var activations: Encoding { encoding == .bfloat16 ? .bfloat16 : .float32 }

  /// The type whose values x has: those of w where that is narrower, so that whoever narrows x computes the same product.
  private var activationValues: Encoding {
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
  public var byteCount: Int { weightsByteCount + tokens * inputs * activations.blockByteCount + tokens * outputs * 4 }

  /// The case: input `x`, constant `w`, output `y`.
  ///
  /// - Parameters:
  ///   - range: What the number of tokens may be, as the symbol `tokens`; nil for ``tokens`` alone.
  ///   - count: Products in one graph, each with an x, a w and a y of its own: the first are called `x`, `w` and `y`.
  public func opCase(tokens range: ClosedRange<Int>? = nil, count: Int = 1) throws -> OpCase {
    let draft = CaseDraft(MatMul.self, description)
    let values = draft.random.units(tokens * inputs, exactIn: activationValues)
    var x = try Tensor(values, as: activations, shape: [tokens, inputs])
    if quantizesActivations {
      // Values that stay as they are when they are quantized: all compute the same product.
      let levels = try ReferenceBackend().evaluate(QuantizeActivations(), [x])[0]
      x = try Tensor(levels.decoded(), as: activations, shape: [tokens, inputs])
    }
    let w = try draft.repeatedWeights(encoding, [outputs, inputs])
    let rows = try range.map { try draft.builder.symbol("tokens", in: $0) } ?? Dimension(tokens)
    var results: NameTable<Value> = [:]
    for number in 0..<max(1, count) {
      let suffix = number == 0 ? "" : "\(number)"
      let input = try draft.input("x\(suffix)", x, [rows, Dimension(inputs)])
      results["y\(suffix)"] = try draft.builder.matmul(
        quantizesActivations ? draft.builder.quantizeActivations(input) : input, draft.constant("w\(suffix)", w))
    }
    let bound = MatMul.matmulBound(MatMul(), x, w)
    return try draft.finish(results, bound, floatingPointOperations: Int(denseOperations) * max(1, count))
  }
}
