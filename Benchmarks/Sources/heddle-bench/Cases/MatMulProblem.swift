import Heddle
import OpenCLRuntime
import _KernelCases

/// A product as a row, and what peers ask of it.
struct MatMulProblem: BenchmarkCase, Hashable {
  let size: MatMulSize
  /// A run computes all copies, one after the other, as a model's step computes its layers: waiting for the device is shared.
  let isChained: Bool

  /// - Throws: ``TypeError`` if the encoding has no weight of this shape.
  init(
    _ encoding: Encoding, _ tokens: Int, _ inputs: Int, _ outputs: Int, quantizesActivations: Bool = false,
    isChained: Bool = false
  ) throws {
    size = try MatMulSize(
      encoding, tokens: tokens, inputs: inputs, outputs: outputs, quantizesActivations: quantizesActivations)
    self.isChained = isChained
  }

  var encoding: Encoding { size.encoding }
  var sparseFormat: SparseFormat? { size.sparseFormat }
  var tokens: Int { size.tokens }
  var inputs: Int { size.inputs }
  var outputs: Int { size.outputs }

  var name: String { "\(size)" }
  var values: String { sparseFormat?.pattern.name ?? encoding.name }
  var denseOperations: Double { size.denseOperations }
  var floatingPointOperations: Double { size.floatingPointOperations }
  var byteCount: Int { size.byteCount }
  var rotatedByteCount: Int { size.weightsByteCount }
  var isBandwidthRow: Bool { tokens <= 16 }

  /// What a peer that multiplies float32 weights does with these, for the name of its way.
  var widening: String {
    if encoding == .float32 { return "" }
    return sparseFormat == nil ? ", weights widened to f32" : ", weights dense in f32"
  }

  /// For sparse weights of one token the dense weights with the same values, or with as many bits.
  func reference() throws -> (any BenchmarkCase)? {
    guard tokens == 1, let format = sparseFormat else { return nil }
    let dense: Encoding =
      switch format.values {
      case .int8: .q8_0
      case .int4: .q4_0
      default: Encoding(name: format.values.name) ?? .float32
      }
    // Rows that are not whole blocks of 32 have none.
    guard inputs % dense.blockSize == 0 else { return nil }
    return try MatMulProblem(dense, tokens, inputs, outputs)
  }

  func peak(on device: Device) -> Limits.Kind {
    size.activations == .bfloat16 && device.hasBFloat16Dot ? .bfloat16Dot : .fusedMultiplyAdd
  }

  func prepare() throws -> any Workload { try MatMulData(self) }
}
