import Foundation
import Synchronization
import TestSupport
import Testing

@testable import HeddleExecution
@testable import HeddleOpenCL

/// A small product with several candidates, a folder of its own, and measurements that are made up: what is decided
/// never depends on a clock.
struct TuningBench {
  let device: Device
  let folder: URL
  let graph: Graph
  let constants = ConstantStore()

  init(_ device: Device) throws {
    self.device = device
    folder = try TestDevices.temporaryDirectory("tuning")
    try constants.add("w", Tensor((0..<80 * 64).map { Float($0 % 11 - 5) / 7 }, shape: [80, 64]))
    let builder = GraphBuilder()
    let tokens = try builder.symbol("tokens", in: 2...16)
    let x = try builder.input("x", .float32, [tokens, 64])
    graph = try builder.build(outputs: ["y": builder.matmul(x, builder.constant("w", in: constants))])
  }

  func remove() { try? FileManager.default.removeItem(at: folder) }

  var cache: ProgramCache { ProgramCache(directory: folder.path) }

  /// A backend as another process would make it: nothing is shared but the folder.
  func backend(_ tuning: Tuning = .recorded, text: String? = nil) throws -> OpenCLBackend {
    try OpenCLBackend(
      context: Context(device: device), cache: cache, tuning: tuning,
      digests: text.map { text in KernelDigests { try KernelLibrary.text(of: $0) + text } })
  }

  /// The problem with a choice.
  func choice(_ backend: OpenCLBackend) throws -> PlannedChoice {
    try #require(try backend.plan(graph).lists[0].choices.first { $0.candidates.count > 1 })
  }

  func tuner(
    _ backend: OpenCLBackend, rounds: Int = 5, budget: Duration = .seconds(600), force: Bool = false,
    _ times: Times
  ) -> Tuner {
    var options = TuningOptions()
    options.rounds = rounds
    options.budget = budget
    options.isForced = force
    var tuner = Tuner(backend: backend, options: options)
    tuner.measure = times.measure
    return tuner
  }

  /// Tunes so that `fastest` wins.
  @discardableResult
  func tune(_ backend: OpenCLBackend, fastest: String, force: Bool = false) async throws -> TuningReport {
    try await tuner(backend, force: force, Times { $0 == fastest ? 1e-3 : 2e-3 }).tune(graph, constants: constants)
  }

  func request() throws -> RunRequest { RunRequest(inputs: ["x": try .counting([7, 64])]) }
}

/// Made-up times by candidate name; counts how often each was asked for.
final class Times: Sendable {
  private let seconds: @Sendable (String) throws -> Double
  private let asked = Mutex<[String]>([])

  init(_ seconds: @escaping @Sendable (String) throws -> Double) { self.seconds = seconds }

  /// In order, the warm-ups first.
  var order: [String] { asked.withLock { $0 } }

  var measure: Tuner.Measure {
    { [self] session, _ in
      var times: [Int: Double] = [:]
      for choice in session.executable.plan.lists[0].choices where choice.candidates.count > 1 {
        asked.withLock { $0.append(choice.chosen) }
        times[choice.node] = try seconds(choice.chosen)
      }
      return times
    }
  }
}
