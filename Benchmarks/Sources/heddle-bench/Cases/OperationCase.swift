import Heddle
import OpenCLRuntime
import _KernelCases

/// A row of any operation: a case of the tests' makers, at a size that is worth timing.
struct OperationCase: BenchmarkCase {
  let name: String
  let opCase: OpCase
  let byteCount: Int
  let isBandwidthRow: Bool

  /// - Parameters:
  ///   - operations: Whether the row counts operations; else it counts bytes.
  ///   - byteCount: What is read and written, where that is not all of the case's operands.
  init(_ name: String, _ opCase: OpCase, operations: Bool = false, byteCount: Int? = nil) {
    self.name = name
    self.opCase = opCase
    self.byteCount = byteCount ?? opCase.bytes
    isBandwidthRow = !operations
  }

  var values: String { opCase.family }
  var floatingPointOperations: Double { Double(opCase.floatingPointOperations) }
  var denseOperations: Double { floatingPointOperations }
  var rotatedByteCount: Int { opCase.bytes }

  func reference() throws -> (any BenchmarkCase)? { nil }
  func peak(on device: Device) -> Limits.Kind { .fusedMultiplyAdd }
  func prepare() throws -> any Workload { OperationWorkload(opCase) }
}

/// Such a case and what the oracle says of it.
final class OperationWorkload: Workload {
  let opCase: OpCase
  private var expected: NameTable<Tensor>?

  init(_ opCase: OpCase) { self.opCase = opCase }

  func contestant(_ variant: Variant, copies: Int, on backend: OpenCLBackend) async throws -> any Contestant {
    try await HeddleCase(opCase, copies: copies, rotatesInputs: true, variant: variant, on: backend)
  }

  func check(_ contestant: any Contestant, called name: String) async throws {
    guard let ours = contestant as? HeddleCase else { throw BenchmarkError("\(name) gives no tensors in \(opCase)") }
    let wanted: NameTable<Tensor>
    if let expected { wanted = expected } else { wanted = try await opCase.expected() }
    expected = wanted
    do {
      try opCase.check(try ours.outputs(), expected: wanted)
    } catch {
      throw BenchmarkError("\(name) is wrong: \(error)")
    }
  }
}
