import Heddle
import _KernelCases

/// A product's case, and its values as peers take them.
final class MatMulData: Workload {
  let problem: MatMulProblem
  let opCase: OpCase
  /// Row-major `[tokens, inputs]`, as float32.
  let x: [Float]
  private let weights: Tensor
  private var widened: HostFloats?
  private var known: MatMulSamples?

  init(_ problem: MatMulProblem) throws {
    self.problem = problem
    opCase = try problem.size.opCase()
    guard let activations = opCase.request.inputs["x"] else { throw BenchmarkError("\(opCase) has no input x") }
    x = try activations.decoded()
    weights = try opCase.constants.tensor("w")
  }

  /// The weights as float32 `[outputs, inputs]`, zeros where nothing is kept; made once.
  func floatWeights() throws -> HostFloats {
    if let widened { return widened }
    let made: HostFloats
    if problem.sparseFormat == nil {
      made = HostFloats(count: problem.outputs * problem.inputs)
      for row in 0..<problem.outputs {
        for (column, value) in try weightRow(row).enumerated() { made.values[row * problem.inputs + column] = value }
      }
    } else {
      made = HostFloats(try weights.decoded())
    }
    widened = made
    return made
  }

  /// The weights as they are stored: of a GGUF type as in files.
  func withWeightBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    try weights.bytes.withUnsafeBytes(body)
  }

  func contestant(_ variant: Variant, copies: Int, on backend: OpenCLBackend) async throws -> any Contestant {
    guard problem.isChained, copies > 1 else {
      return try await HeddleCase(opCase, copies: copies, rotatesInputs: false, variant: variant, on: backend)
    }
    let chain = try await HeddleCase(
      try problem.size.opCase(count: copies), copies: 1, rotatesInputs: false, variant: variant, on: backend)
    return ChainedCase(chain, count: copies)
  }

  func check(_ contestant: any Contestant, called name: String) async throws {
    let samples = try known ?? MatMulSamples(problem.size, x: x, weightRow: weightRow)
    known = samples
    do {
      try await samples.check(try await contestant.output(), rounding: contestant.outputRounding)
    } catch let mismatch as Mismatch {
      throw BenchmarkError("\(name) is wrong in \(problem.name): \(mismatch)")
    }
  }

  /// Row `row` of the weights, decoded by the reference; zeros where nothing is kept, which add nothing to a sum.
  private func weightRow(_ row: Int) throws -> [Float] {
    if problem.sparseFormat != nil {
      return Array(try floatWeights().values[row * problem.inputs..<(row + 1) * problem.inputs])
    }
    let length = problem.size.weightsByteCount / max(1, problem.outputs)
    return try weights.bytes.withUnsafeBytes {
      try Tensor(
        encoding: problem.encoding, shape: [1, problem.inputs], bytes: Array($0[row * length..<(row + 1) * length])
      ).decoded()
    }
  }
}
