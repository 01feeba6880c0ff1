import Heddle
import OpenCLRuntime
import _KernelCases

/// A row of ``SizedCases/route(tokens:experts:)``.
struct RouteCase: BenchmarkCase {
  let tokens: Int
  let experts: Int

  var name: String { "route \(tokens) to 8 of \(experts)" }
  var values: String { "choices" }
  var isBandwidthRow: Bool { true }
  /// A sigmoid is counted as four operations.
  var floatingPointOperations: Double { Double(tokens * experts) * 8 }
  var denseOperations: Double { floatingPointOperations }
  /// Logits and bias, and of each chosen expert its index and weight.
  var byteCount: Int { 4 * (tokens * experts + experts + 16 * tokens) }
  /// Logits lie in the caches: the product before has just written them.
  var rotatedByteCount: Int { 1 << 40 }

  func reference() throws -> (any BenchmarkCase)? { nil }
  func peak(on device: Device) -> Limits.Kind { .fusedMultiplyAdd }
  func prepare() throws -> any Workload { RouteWorkload(try SizedCases.route(tokens: tokens, experts: experts)) }
}

/// Such a case, and what the oracle says of it: of a peer the weights are judged, which are of no other experts.
final class RouteWorkload: Workload {
  let opCase: OpCase
  private let operation: OperationWorkload
  private var weights: [Float]?

  init(_ opCase: OpCase) {
    self.opCase = opCase
    operation = OperationWorkload(opCase)
  }

  func contestant(_ variant: Variant, copies: Int, on backend: OpenCLBackend) async throws -> any Contestant {
    try await operation.contestant(variant, copies: copies, on: backend)
  }

  func check(_ contestant: any Contestant, called name: String) async throws {
    if contestant is HeddleCase { return try await operation.check(contestant, called: name) }
    let expected: [Float]
    if let weights { expected = weights } else { expected = try await opCase.expected()["weights"]?.floats() ?? [] }
    weights = expected
    let given = try await contestant.output()
    guard given.count == expected.count, zip(given, expected).allSatisfy({ abs($0 - $1) <= 1e-5 * abs($1) }) else {
      throw BenchmarkError("\(name) is wrong in \(opCase)")
    }
  }
}
