import Heddle
import OpenCLRuntime
import _KernelCases

/// A family of rows: one file that declares its cases. Limits, timing, statistics, peers and reports are the same for
/// all.
protocol Suite {
  /// The argument of `heddle-bench` and the `suite` of rows.
  static var name: String { get }
  /// For the page.
  static var title: String { get }
  /// What a row counts and what its timer holds, for the page.
  static var method: String { get }
  /// What the rates are, in a sentence for people.
  static var rates: String { get }
  /// What tables call the rows that count operations, and those that count bytes.
  static var rowKinds: (operations: String, bytes: String) { get }
  /// The cases of an ordinary run, then those that `--all` adds.
  static func cases() throws -> (ordinary: [any BenchmarkCase], further: [any BenchmarkCase])
  /// Cases of milliseconds, for a smoke test.
  static func quickCases() throws -> [any BenchmarkCase]
  /// Graphs whose launches, bytes and allocations are counted.
  static func countedGraphs() throws -> [CountedGraph]
}

extension Suite {
  static var rowKinds: (operations: String, bytes: String) { ("more than 16 tokens", "1 to 16 tokens") }
}

enum Suites {
  static var all: [any Suite.Type] {
    [
      MatMulSuite.self, SparseSuite.self, QuantizedSuite.self, AttentionSuite.self, ExpertSuite.self,
      OperationSuite.self,
    ]
  }

  static func named(_ name: String) -> (any Suite.Type)? { all.first { $0.name == name } }
}

/// One row's problem, before any of its data exists.
protocol BenchmarkCase {
  /// `<encoding>-<values> TxKxM` of a product.
  var name: String { get }
  /// Rows of one values type, one pattern or one family are compared and averaged together: `f32`, `2:4`, `Attention`.
  var values: String { get }
  /// Those that must be done: what the limit counts.
  var floatingPointOperations: Double { get }
  /// Those of the dense product of the same shape: what rows count that count operations.
  var denseOperations: Double { get }
  /// Everything read and written once.
  var byteCount: Int { get }
  /// Bytes that a rotation over copies multiplies: a product's weights, all operands of another operation.
  var rotatedByteCount: Int { get }
  /// The row counts bytes, and its working set rotates over copies.
  var isBandwidthRow: Bool { get }
  /// A case whose time, measured in the same turns, should be to this one's as its bytes are; nil for none.
  func reference() throws -> (any BenchmarkCase)?
  /// The peak that bounds it, where the device has it.
  func peak(on device: Device) -> Limits.Kind
  /// Makes the data. Everything slow may happen here.
  func prepare() throws -> any Workload
}

extension BenchmarkCase {
  var unit: String { isBandwidthRow ? "GB/s" : "GFLOP/s" }

  /// The work of one call that the row's unit counts, in units of 10⁹.
  var work: Double { (isBandwidthRow ? Double(byteCount) : denseOperations) / 1e9 }

  /// GFLOP/s of what must be done, at a rate in the row's unit.
  func operations(at rate: Double) -> Double { floatingPointOperations / 1e9 / work * rate }
}

/// A case with its data: what Heddle and the peers compute.
protocol Workload: AnyObject {
  /// What is computed: graph, constants and inputs.
  var opCase: OpCase { get }
  func contestant(_ variant: Variant, copies: Int, on backend: OpenCLBackend) async throws -> any Contestant
  /// Throws unless the contestant's last result is right.
  func check(_ contestant: any Contestant, called name: String) async throws
}
