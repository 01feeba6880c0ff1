import CountingRuntime
import HeddleHost
import Heddle
import Testing

@testable import HeddleExecution

/// Every call of a compile and of a run failed once, in host memory: each failure is the error that is thrown, leaves
/// nothing behind, and the session is usable or says that it is not.
@Suite struct InjectedFailureTests {
  /// What a caller does from the first to the last call.
  private struct Use {
    let step: StepGraph
    let long: LongGraph
    /// Memory of the host, page-aligned, for the input and the output.
    let host = HostBytes()

    init() throws {
      step = try StepGraph()
      long = try LongGraph(length: 9, replaces: true)
    }
  }

  private final class HostBytes: @unchecked Sendable {
    let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: 8192, alignment: 4096)
    deinit { bytes.deallocate() }
    func part(_ offset: Int, _ count: Int) -> UnsafeMutableRawBufferPointer {
      UnsafeMutableRawBufferPointer(rebasing: bytes[offset..<offset + count])
    }
  }

  private func compiled(_ use: Use, on runtime: CountingRuntime, taping: Taping) throws -> DeviceSession {
    let backend = DeviceBackend(runtime: runtime)
    let executable = try backend.compileTaped(use.step.graph, constants: use.step.constants, taping)
    return try executable.makeDeviceSession(["capacity": 20])
  }

  /// Steps of every kind: with tensors, on the host's own memory, timed, again, given back.
  private func steps(_ use: Use, _ session: DeviceSession) throws {
    _ = try session.runBlocking(use.step.request(rows: 2, past: 0))
    _ = try session.profileBlocking(use.step.request(rows: 3, past: 2))
    let (x, y) = (use.host.part(0, 64), use.host.part(4096, 64))
    try session.bindBlocking(.input("x"), to: .host(HostMemory(x, shape: [2, 8])))
    try session.bindBlocking(.output("y"), to: .host(HostMemory(y)))
    _ = try session.runBlocking(RunRequest(bindings: ["past": 5], outputs: []))
    try session.runAgainBlocking()
    try session.bindBlocking(.output("y"), to: nil)
    try session.bindBlocking(.input("x"), to: nil)
    try use.step.request(rows: 1, past: 0).inputs["x"]?.bytes.withUnsafeBytes {
      try session.writeBlocking($0, to: .input("x"))
    }
    var row = [UInt8](repeating: 0, count: 32)
    try row.withUnsafeMutableBytes { try session.readBlocking($0, from: .state("cache")) }
    try session.resetBlocking()
    try session.finishBlocking()
  }

  @Test(arguments: Taping.tested)
  func `each call that fails while a graph is compiled and a session made is the error, and nothing stays`(
    taping: Taping
  ) throws {
    func compiled(_ use: Use, on runtime: CountingRuntime) throws -> DeviceSession {
      try self.compiled(use, on: runtime, taping: taping)
    }
    func CountingRuntime(failingCall: Int? = nil) -> CountingRuntime { .init(taping, failingCall: failingCall) }
    let use = try Use()
    let clean = CountingRuntime()
    _ = try compiled(use, on: clean)
    Handover.waitUntilIdle()
    #expect(clean.counts.leftovers.isEmpty && clean.counts.byteCount == 0)
    let total = clean.counts.callCount
    #expect(total > 30)
    for number in 1...total {
      let runtime = CountingRuntime(failingCall: number)
      let error = #expect(throws: CountingError.self) { _ = try compiled(use, on: runtime) }
      #expect(error == runtime.counts.failed.map { .injected($0, number: number) })
      expectNothing(of: runtime, after: "compiling", number)
      // The same device compiles it all the same.
      #expect(throws: Never.self) { try steps(use, compiled(use, on: runtime)) }
    }
  }

  @Test(arguments: Taping.tested)
  func `each call that fails in a step is the error, and the session goes on`(taping: Taping) throws {
    func compiled(_ use: Use, on runtime: CountingRuntime) throws -> DeviceSession {
      try self.compiled(use, on: runtime, taping: taping)
    }
    func CountingRuntime() -> CountingRuntime { .init(taping) }
    let use = try Use()
    let clean = CountingRuntime()
    var first = 0
    do {
      let session = try compiled(use, on: clean)
      first = clean.counts.callCount
      try steps(use, session)
    }
    let total = clean.counts.callCount - first
    #expect(total > 60)
    var kinds: Set<Counts.Call> = []
    for number in 1...total {
      let runtime = CountingRuntime()
      do {
        let session = try compiled(use, on: runtime)
        runtime.counts.fail(in: number)
        let error = #expect(throws: CountingError.self) { try steps(use, session) }
        let failed = try #require(runtime.counts.failed)
        kinds.insert(failed)
        #expect(error == .injected(failed, number: first + number))
        // An append that failed can be made again.
        #expect(session.isUsable, "\(failed), call \(number)")
        // What was bound stays, or stands back as it was.
        #expect(throws: Never.self, "after \(failed), call \(number)") {
          for place in [TensorPlace.input("x"), .output("y")] { try session.bindBlocking(place, to: nil) }
          try steps(use, session)
        }
      }
      expectNothing(of: runtime, after: "a step", number)
    }
    // All that a step may ask a driver for.
    var expected: Set<Counts.Call> = [
      .checkProcess, .allocate, .wrap, .makeQueue, .takeTurn, .write, .read, .zero, .map, .unmap, .launch, .makeMarker,
      .flush,
      .finish, .setMemory, .setValue, .wait, .times,
    ]
    // Kernels that only tapes ran are made when launches are timed.
    if taping != .never { expected.formUnion([.build, .makeKernel]) }
    #expect(kinds == expected)
  }

  @Test func `each call that fails where a state is replaced leaves it, or the session says that it is gone`() throws {
    let use = try Use()
    func session(_ runtime: CountingRuntime) throws -> DeviceSession {
      try DeviceBackend(runtime: runtime).compileBlocking(use.long.graph, constants: use.long.constants)
        .makeDeviceSession()
    }
    let clean = CountingRuntime()
    let cleanSession = try session(clean)
    let first = clean.counts.callCount
    _ = try cleanSession.runBlocking(use.long.request(rows: 3))
    var unusable = 0
    for number in 1...clean.counts.callCount - first {
      let runtime = CountingRuntime()
      do {
        let session = try session(runtime)
        runtime.counts.fail(in: number)
        #expect(throws: CountingError.self) { try session.runBlocking(use.long.request(rows: 3)) }
        if !session.isUsable {
          unusable += 1
          #expect(throws: ExecutionError.sessionUnusable) { try session.runBlocking(use.long.request(rows: 3)) }
          try session.resetBlocking()
        }
        #expect(session.isUsable)
        #expect(throws: Never.self) { try session.runBlocking(use.long.request(rows: 3)) }
      }
      expectNothing(of: runtime, after: "a step", number)
    }
    #expect(unusable > 5)
  }

  /// What was dropped is gone at once, or on a thread that was handed it.
  private func expectNothing(
    of runtime: CountingRuntime, after what: String, _ number: Int, location: SourceLocation = #_sourceLocation
  ) {
    Handover.waitUntilIdle()
    let message: Comment = "\(what), call \(number): \(runtime.counts.failed.map(\.rawValue) ?? "none failed")"
    #expect(runtime.counts.leftovers == [:], message, sourceLocation: location)
    #expect(runtime.counts.byteCount == 0, message, sourceLocation: location)
    #expect(!runtime.isTurnTaken, message, sourceLocation: location)
  }
}
