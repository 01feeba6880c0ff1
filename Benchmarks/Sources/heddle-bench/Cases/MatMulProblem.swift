import Heddle
import OpenCLRuntime

/// `y [tokens, outputs] = x [tokens, inputs] · wᵀ`, w `[outputs, inputs]` in an encoding.
struct MatMulProblem: BenchmarkCase, Hashable {
  let encoding: Encoding
  let tokens: Int
  let inputs: Int
  let outputs: Int
  /// Bytes of the weights in their own format; of sparse ones also their indices.
  let constantByteCount: Int

  /// - Throws: ``TypeError`` if the encoding has no weight of this shape.
  init(_ encoding: Encoding, _ tokens: Int, _ inputs: Int, _ outputs: Int) throws {
    self.encoding = encoding
    self.tokens = tokens
    self.inputs = inputs
    self.outputs = outputs
    constantByteCount = try encoding.byteCount(shape: [outputs, inputs])
  }

  var sparseFormat: SparseFormat? { if case .sparse(let format) = encoding { format } else { nil } }

  /// The type of x: bfloat16 beside bfloat16 weights, else float32. Peers whose own path wants 16-bit activations get
  /// those: the values of x fit the weights' type, so all compute the same product.
  var activations: ScalarType { encoding == .bfloat16 ? .bfloat16 : .float32 }

  /// The type whose values x has.
  var activationValues: ScalarType {
    switch encoding {
    case .bfloat16: .bfloat16
    case .float16: .float16
    default: .float32
    }
  }

  /// `dense-f32`, `2:4-f32`
  var weightsName: String { sparseFormat?.name ?? "dense-\(encoding.name)" }

  /// `dense-f32 2048x2048x2048`
  var name: String { "\(weightsName) \(tokens)x\(inputs)x\(outputs)" }

  var values: String { sparseFormat?.pattern.name ?? encoding.name }

  var isBandwidthRow: Bool { tokens <= 16 }

  /// What a peer that multiplies float32 weights does with these, for the name of its way.
  var widening: String {
    if encoding == .float32 { return "" }
    return sparseFormat == nil ? ", weights widened to f32" : ", weights dense in f32"
  }

  var denseOperations: Double { 2 * Double(tokens) * Double(inputs) * Double(outputs) }

  var floatingPointOperations: Double { denseOperations * (sparseFormat?.pattern.density ?? 1) }

  /// Everything read and written once, weights in their own format.
  var byteCount: Int { constantByteCount + tokens * inputs * activations.byteCount + tokens * outputs * 4 }

  /// For sparse weights of one token the dense weights with the same values, or with as many bits.
  func reference() throws -> (any BenchmarkCase)? {
    guard tokens == 1, let format = sparseFormat else { return nil }
    let dense: Encoding =
      switch format.values {
      case .float32: .float32
      case .float16: .float16
      case .bfloat16: .bfloat16
      case .int8: .blocks(.q8_0)
      case .int4: .blocks(.q4_0)
      }
    // Rows that are not whole blocks of 32 have none.
    guard inputs % dense.blockSize == 0 else { return nil }
    return try MatMulProblem(dense, tokens, inputs, outputs)
  }

  func peak(on device: Device) -> Limits.Kind {
    activations == .bfloat16 && device.hasBFloat16Dot ? .bfloat16Dot : .fusedMultiplyAdd
  }

  func prepare() throws -> any Workload { try MatMulData(self) }
}
