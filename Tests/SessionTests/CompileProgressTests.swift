import Heddle
import Synchronization
import TestSupport
import Testing

@Suite struct CompileProgressTests {
  /// What a handler was told.
  private final class Told: Sendable {
    private let told = Mutex<[CompileProgress]>([])

    var all: [CompileProgress] { told.withLock { $0 } }
    func hear(_ progress: CompileProgress) { told.withLock { $0.append(progress) } }
  }

  private struct Enough: Error {}

  @Test(arguments: TestDevices.all)
  func `each program and each constant is told, and the end`(device: Device) async throws {
    let step = try StepGraph()
    let backend = try backend(device)
    let told = Told()
    _ = try await backend.compile(step.graph, constants: step.constants, progress: told.hear)
    let stages = Dictionary(grouping: told.all, by: \.stage)
    for stage in [CompileProgress.Stage.building, .packing] {
      let steps = try #require(stages[stage])
      let total = try #require(steps.first).total
      #expect(total > 0 && steps.map(\.done) == Array(0...total) && steps.allSatisfy { $0.total == total })
    }
    // Packing builds a program of its own.
    #expect(stages[.building]?.first.map { $0.total <= backend.buildCount } == true)
  }

  @Test(arguments: TestDevices.all)
  func `what a handler throws ends compiling and leaves nothing`(device: Device) async throws {
    let step = try StepGraph()
    let backend = try backend(device)
    await #expect(throws: Enough.self) {
      _ = try await backend.compile(step.graph, constants: step.constants) { now in
        if now.stage == .building, now.done == 1 { throw Enough() }
      }
    }
    #expect(backend.buildCount == 1)
    #expect(throws: Enough.self) {
      try backend.compileBlocking(step.graph, constants: step.constants) { _ in throw Enough() }
    }
    // The same backend compiles it all the same.
    let session = try await backend.compile(step.graph, constants: step.constants).makeSession(["capacity": 4])
    #expect(try await session.run(step.request(rows: 2, past: 0))["y"]?.floats() == step.expected(rows: 2))
  }

  @Test(arguments: TestDevices.all)
  func `cancelling the task ends compiling between two programs`(device: Device) async throws {
    let step = try StepGraph()
    let backend = try backend(device)
    let (reached, signal) = AsyncStream<Void>.makeStream()
    let isCancelled = Atomic<Bool>(false)
    let task = Task {
      try await backend.compile(step.graph, constants: step.constants) { now in
        guard now.done == 1 else { return }
        signal.yield()
        while !isCancelled.load(ordering: .acquiring) { continue }
      }
    }
    for await _ in reached { break }
    task.cancel()
    isCancelled.store(true, ordering: .releasing)
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(backend.buildCount == 2, "the program under way, and no more")
  }
}
