import CountingRuntime
import Heddle
import HeddleHost
import Synchronization
import Testing

@testable import HeddleExecution

/// Runs whose commands do not end until they are let: deadlines, cancellations and what comes after them, without a driver
/// and without luck.
@Suite struct HeldRunTests {
  private let step: StepGraph
  private let long: LongGraph

  init() throws {
    step = try StepGraph()
    long = try LongGraph(length: 60)
  }

  private func session(_ runtime: CountingRuntime) throws -> DeviceSession {
    try DeviceBackend(runtime: runtime).compileBlocking(step.graph, constants: step.constants)
      .makeDeviceSession(["capacity": 20])
  }

  private func longSession(_ runtime: CountingRuntime) throws -> DeviceSession {
    try DeviceBackend(runtime: runtime).compileBlocking(long.graph, constants: long.constants).makeDeviceSession()
  }

  @Test func `a deadline ends a run, and the next run's own deadline the wait for what it left`() async throws {
    let runtime = CountingRuntime()
    let session = try session(runtime)
    runtime.gate.close()
    let start = ContinuousClock.now
    await #expect(throws: ExecutionError.deadlineExceeded) {
      try await session.run(step.request(rows: 2, past: 0), within: .milliseconds(60))
    }
    #expect(start.duration(to: .now) >= .milliseconds(60))
    #expect(session.isUsable)
    await #expect(throws: ExecutionError.deadlineExceeded) {
      try await session.run(step.request(rows: 2, past: 0), within: .milliseconds(30))
    }
    runtime.gate.open()
    #expect(try await session.run(step.request(rows: 2, past: 0))["y"]?.shape == [2, 8])
    await #expect(throws: ExecutionError.deadlineExceeded) {
      try await session.run(step.request(rows: 2, past: 0), within: .seconds(-1))
    }
  }

  @Test func `a task that is cancelled ends its run, and a callback does on the calling thread`() async throws {
    let runtime = CountingRuntime()
    let session = try longSession(runtime)
    runtime.gate.close()
    let request = try long.request(rows: 3)
    let task = Task { try await session.run(request) }
    while runtime.counts.calls(.wait) == 0 { try await Task.sleep(for: .milliseconds(1)) }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    // Two portions are under way at most: the rest was never launched.
    #expect(runtime.counts.launches.count <= 1 + 2 * RunPortions.firstSize)
    runtime.gate.open()
    _ = try await session.run(request)
    // A step that is known to be quick is waited for without a look: this is another session's first.
    let other = try session.executable.makeDeviceSession()
    runtime.gate.close()
    let asked = Atomic(0)
    let cancellation = RunCancellation(poll: { asked.wrappingAdd(1, ordering: .relaxed).newValue > 3 })
    #expect(throws: CancellationError.self) { try other.runBlocking(request, cancellation: cancellation) }
    #expect(asked.load(ordering: .relaxed) == 4)
    runtime.gate.open()
  }

  @Test func `a second step is refused while one waits, and a session given up may be dropped`() async throws {
    let runtime = CountingRuntime()
    do {
      let session = try session(runtime)
      runtime.gate.close()
      let request = try step.request(rows: 2, past: 0)
      let task = Task { try await session.run(request, within: .seconds(30)) }
      while runtime.counts.calls(.wait) == 0 { try await Task.sleep(for: .milliseconds(1)) }
      #expect(throws: ExecutionError.sessionBusy) { try session.runBlocking(request) }
      await #expect(throws: ExecutionError.sessionBusy) { try await session.read(.state("cache")) }
      task.cancel()
      await #expect(throws: CancellationError.self) { try await task.value }
    }
    // Commands under way still use the session's memory.
    #expect(runtime.counts.live(.queue) == 1 && runtime.isTurnTaken)
    runtime.gate.open()
    Handover.waitUntilIdle()
    for _ in 0..<200 where !runtime.counts.leftovers.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
    #expect(runtime.counts.leftovers == [:] && !runtime.isTurnTaken)
  }

  @Test func `a run that waits for its turn can be cancelled, and has touched nothing`() async throws {
    let runtime = CountingRuntime()
    let (first, second) = (try session(runtime), try session(runtime))
    runtime.gate.close()
    let request = try step.request(rows: 2, past: 0)
    await #expect(throws: ExecutionError.deadlineExceeded) {
      try await first.run(request, within: .milliseconds(20))
    }
    let launches = runtime.counts.launches.count
    await #expect(throws: ExecutionError.deadlineExceeded) {
      try await second.run(request, within: .milliseconds(40))
    }
    #expect(runtime.counts.launches.count == launches && second.isUsable)
    runtime.gate.open()
    #expect(try await second.run(request)["y"]?.shape == [2, 8])
  }

  @Test func `a state replaced as a whole makes an interrupted session unusable until reset`() async throws {
    let replacing = try LongGraph(length: 3, replaces: true)
    let runtime = CountingRuntime()
    let session = try DeviceBackend(runtime: runtime)
      .compileBlocking(replacing.graph, constants: replacing.constants).makeDeviceSession()
    let request = try replacing.request(rows: 1)
    await #expect(throws: ExecutionError.deadlineExceeded) { try await session.run(request, within: .seconds(-1)) }
    #expect(session.isUsable, "it was refused before it began")
    try session.finishBlocking()
    runtime.gate.close()
    // On a busy machine a deadline may pass before the step has begun.
    for attempt in 1...10 where session.isUsable {
      await #expect(throws: ExecutionError.deadlineExceeded) {
        try await session.run(request, within: .milliseconds(100 * attempt))
      }
    }
    #expect(!session.isUsable)
    runtime.gate.open()
    await #expect(throws: ExecutionError.sessionUnusable) { try await session.run(request) }
    try await session.reset()
    #expect(try await session.run(request)["y"]?.shape == [1, LongGraph.side])
    #expect(try await session.read(.state("count")).floats() == [0])
  }
}
