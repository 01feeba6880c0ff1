import Heddle
import OpenCLRuntime
import _KernelCases

/// A row of products by experts.
struct ExpertCase: BenchmarkCase {
  let size: ExpertSize

  init(
    _ encoding: Encoding, tokens: Int, count: Int, experts: Int, inputs: Int, outputs: Int,
    quantizesActivations: Bool = false
  ) {
    size = ExpertSize(
      encoding: encoding, tokens: tokens, count: count, experts: experts, inputs: inputs, outputs: outputs,
      quantizesActivations: quantizesActivations)
  }

  var name: String { "\(size)" }
  var values: String { size.encoding.name }
  var isBandwidthRow: Bool { size.tokens * size.count <= size.experts }
  /// The experts that tokens take: of a few tokens each its own, else all.
  private var usedExperts: Int { min(size.experts, size.tokens * size.count) }
  var floatingPointOperations: Double { 2 * Double(size.tokens * size.count) * Double(size.inputs * size.outputs) }
  var denseOperations: Double { floatingPointOperations }
  var rotatedByteCount: Int { (try? size.encoding.byteCount(shape: [usedExperts, size.outputs, size.inputs])) ?? 0 }
  var byteCount: Int { rotatedByteCount + 4 * size.tokens * (size.inputs + size.count * size.outputs) }

  /// The dense product that reads the weights of the same experts and does as many operations.
  func reference() throws -> (any BenchmarkCase)? {
    try MatMulProblem(
      size.encoding, max(1, size.tokens * size.count / usedExperts), size.inputs, usedExperts * size.outputs,
      quantizesActivations: size.quantizesActivations)
  }
  func peak(on device: Device) -> Limits.Kind { .fusedMultiplyAdd }
  func prepare() throws -> any Workload { try ExpertWorkload(size) }
}

/// The tensors of such a row as peers take them, and what some of its values are.
final class ExpertWorkload: Workload {
  let opCase: OpCase
  let size: ExpertSize
  /// Row-major `[tokens, inputs]`.
  let x: [Float]
  /// The experts of each token, row-major `[tokens, count]`.
  let choices: [Int32]
  private let weights: Tensor
  private let samples: ExpertSamples
  /// Those of a peer, which takes activations as they are.
  private let peerSamples: ExpertSamples

  init(_ size: ExpertSize) throws {
    opCase = try size.opCase()
    self.size = size
    samples = try ExpertSamples(size, opCase, quantizesActivations: size.quantizesActivations)
    peerSamples = try ExpertSamples(size, opCase, quantizesActivations: false)
    guard let x = opCase.request.inputs["x"], let indices = opCase.request.inputs["indices"] else {
      throw BenchmarkError("\(opCase) has no inputs x and indices")
    }
    self.x = try x.decoded()
    choices = try indices.integers().map { Int32($0) }
    weights = try opCase.constants.tensor("w")
  }

  /// Bytes of the weights that one product reads.
  var usedByteCount: Int {
    weights.bytes.count / max(1, size.experts) * min(size.experts, size.tokens * size.count)
  }

  /// The weights as they are stored, of each expert in turn: of a GGUF type as in files.
  func withWeightBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    try weights.bytes.withUnsafeBytes(body)
  }

  /// The weights as float32 `[experts, outputs, inputs]`.
  func floatWeights() throws -> HostFloats {
    let floats = HostFloats(count: size.experts * size.outputs * size.inputs)
    let (rows, values) = (size.outputs, size.outputs * size.inputs)
    let length = try size.encoding.byteCount(shape: [rows, size.inputs])
    try withWeightBytes { bytes in
      for expert in 0..<size.experts {
        let part = Array(bytes[expert * length..<(expert + 1) * length])
        let decoded = try Tensor(encoding: size.encoding, shape: [rows, size.inputs], bytes: part).decoded()
        for (place, value) in decoded.enumerated() { floats.values[expert * values + place] = value }
      }
    }
    return floats
  }

  func contestant(_ variant: Variant, copies: Int, on backend: OpenCLBackend) async throws -> any Contestant {
    try await HeddleCase(opCase, copies: copies, rotatesInputs: false, variant: variant, on: backend)
  }

  func check(_ contestant: any Contestant, called name: String) async throws {
    let samples = contestant is HeddleCase ? samples : peerSamples
    if let fault = samples.fault(in: try await contestant.output(), rounding: contestant.outputRounding) {
      throw BenchmarkError("\(name) is wrong in \(opCase): \(fault)")
    }
  }
}
