import Heddle

/// A family of rows: one file that declares its cases. Limits, timing, statistics, peers and reports are the same for
/// all.
protocol Suite {
  /// The argument of `heddle-bench` and the `suite` of rows.
  static var name: String { get }
  /// For the page.
  static var title: String { get }
  /// What a row counts and what its timer holds, for the page.
  static var method: String { get }
  /// The cases of an ordinary run, then those that `--all` adds.
  static var cases: (ordinary: [any BenchmarkCase], further: [any BenchmarkCase]) { get }
  /// Cases of milliseconds, for a smoke test.
  static var quickCases: [any BenchmarkCase] { get }
  /// Graphs whose launches, bytes and allocations are counted.
  static var countedGraphs: [CountedGraph] { get }
}

enum Suites {
  static var all: [any Suite.Type] { [MatMulSuite.self] }

  static func named(_ name: String) -> (any Suite.Type)? { all.first { $0.name == name } }
}

/// One row's problem, before any of its data exists.
protocol BenchmarkCase {
  /// `<encoding>-<values> TxKxM`
  var name: String { get }
  /// Rows of one values type are compared and averaged together: `f32`.
  var values: String { get }
  var floatingPointOperations: Double { get }
  /// Everything read and written once.
  var byteCount: Int { get }
  /// Bytes that a rotation over copies multiplies.
  var constantByteCount: Int { get }
  /// The row counts bytes, and its working set rotates over copies.
  var isBandwidthRow: Bool { get }
  /// The peak that bounds it, where the device has it.
  func peak(on device: Device) -> Limits.Kind
  /// Makes the data. Everything slow may happen here.
  func prepare() throws -> any Workload
}

extension BenchmarkCase {
  var unit: String { isBandwidthRow ? "GB/s" : "GFLOP/s" }

  /// The work of one call that the row's unit counts, in units of 10⁹.
  var work: Double { (isBandwidthRow ? Double(byteCount) : floatingPointOperations) / 1e9 }

  /// GFLOP/s at a rate in the row's unit.
  func operations(at rate: Double) -> Double { floatingPointOperations / 1e9 / work * rate }
}

/// A case with its data: what Heddle and the peers compute.
protocol Workload: AnyObject {
  /// The chosen way first; without `everyShape` only those of the device's own kernel shape.
  func variants(on backend: OpenCLBackend, everyShape: Bool) async throws -> [Variant]
  func contestant(_ variant: Variant, copies: Int, on backend: OpenCLBackend) async throws -> any Contestant
  /// Throws unless the contestant's last result is right.
  func check(_ contestant: any Contestant, called name: String) async throws
}
