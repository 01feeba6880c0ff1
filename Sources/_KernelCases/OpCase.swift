import HeddleGraph
import HeddleReference
import HeddleText

/// One use of one operation: what tests check, benchmarks time and the tuner tunes for.
public struct OpCase: Sendable, CustomStringConvertible {
  /// The folder that the operation's kernels, lowering and cases share: `MatMul`, `Attention`, …
  public let family: String
  /// The name of the operation under test.
  public let operation: String
  /// Unique within the operation: `q4_1 3x64x33`.
  public let name: String
  /// What all the case's random values come from.
  public let seed: UInt64
  public let graph: Graph
  public let constants: ConstantStore
  /// What to run, one after the other in one session; most cases have one step.
  public let steps: [RunRequest]
  public let sessionBindings: Bindings
  public let tolerance: Tolerance
  /// Of all steps together.
  public let floatingPointOperations: Int
  /// Constants, inputs and outputs of all steps.
  public let bytes: Int
  /// Expected values may be mostly zero.
  public let zerosAreRight: Bool
  /// Whether to try every tile of every kernel; else every kernel once, where the tile does not matter to the case.
  public let triesEveryTile: Bool
  /// Whether only the campaign runs this case: what `make test` has no time for.
  public let isCampaign: Bool

  /// The last step.
  public var request: RunRequest { steps.last ?? RunRequest() }

  /// At most 20 000 multiply-adds and 64 KiB: for an interpreter that checks memory accesses.
  public var isSmall: Bool { floatingPointOperations <= 40_000 && bytes <= 65_536 }

  public var description: String { "\(operation) \(name)" }

  /// The bindings of every step.
  public func bindings() throws -> [Bindings] {
    try steps.map { try graph.resolveBindings($0, fixed: sessionBindings) }
  }

  /// The outputs of all steps on an executable of ``graph``. With several steps, output `y` of step 1 is `y#1`.
  public func run(_ executable: any Executable) async throws -> NameTable<Tensor> {
    let session = try executable.makeSession(sessionBindings)
    var results: NameTable<Tensor> = [:]
    for (step, request) in steps.enumerated() {
      for (name, tensor) in try await session.run(request) {
        results[OpCase.output(name, step: step, of: steps.count)] = tensor
      }
    }
    return results
  }

  /// Compiles and runs all steps on a backend.
  public func run(on backend: any Backend) async throws -> NameTable<Tensor> {
    try await run(backend.compile(graph, constants: constants))
  }

  /// The oracle's outputs, named as ``run(on:)`` names them.
  public func expected() async throws -> NameTable<Tensor> { try await run(on: ReferenceBackend()) }

  /// The name of an output of one step.
  public static func output(_ name: String, step: Int, of steps: Int) -> String {
    steps == 1 ? name : "\(name)#\(step)"
  }
}
