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

/// The tensors of such a row, and what some of its values are.
final class ExpertWorkload: Workload {
  let opCase: OpCase
  private let samples: ExpertSamples

  init(_ size: ExpertSize) throws {
    opCase = try size.opCase()
    samples = try ExpertSamples(size, opCase)
  }

  func contestant(_ variant: Variant, copies: Int, on backend: OpenCLBackend) async throws -> any Contestant {
    try await HeddleCase(opCase, copies: copies, rotatesInputs: false, variant: variant, on: backend)
  }

  func check(_ contestant: any Contestant, called name: String) async throws {
    if let fault = samples.fault(in: try await contestant.output()) {
      throw BenchmarkError("\(name) is wrong in \(opCase): \(fault)")
    }
  }
}
