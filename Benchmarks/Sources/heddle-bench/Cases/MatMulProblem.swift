import Heddle

/// `y [tokens, outputs] = x [tokens, inputs] · wᵀ`, w `[outputs, inputs]` in an encoding.
struct MatMulProblem: BenchmarkCase, Hashable {
  var encoding: Encoding
  var tokens: Int
  var inputs: Int
  var outputs: Int

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

  /// `dense-f32 2048x2048x2048`
  var name: String { "dense-\(encoding.name) \(tokens)x\(inputs)x\(outputs)" }

  var values: String { encoding.name }

  var isBandwidthRow: Bool { tokens <= 16 }

  var floatingPointOperations: Double { 2 * Double(tokens) * Double(inputs) * Double(outputs) }

  /// Bytes of the weights in their own format.
  var constantByteCount: Int { outputs * inputs / encoding.blockSize * encoding.blockByteCount }

  /// Everything read and written once, weights in their own format.
  var byteCount: Int { constantByteCount + tokens * inputs * activations.byteCount + tokens * outputs * 4 }

  func peak(on device: Device) -> Limits.Kind {
    activations == .bfloat16 && device.hasBFloat16Dot ? .bfloat16Dot : .fusedMultiplyAdd
  }

  func prepare() throws -> any Workload { try MatMulData(self) }
}
