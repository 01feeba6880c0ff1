import CountingRuntime
import Heddle
import HeddleHost
import Testing

@testable import HeddleExecution

/// Every call of a session that fetches experts failed once: the error is thrown, nothing stays, and the session goes on.
@Suite struct ResidentExpertsFailureTests {
  private let graph: Graph
  private let constants = ConstantStore()

  init() throws {
    try constants.add("w", Tensor.counting([5, 16, 8]))
    let builder = GraphBuilder()
    let x = try builder.input("x", .float32, [1, 8])
    let indices = try builder.input("indices", .int32, [1, 2])
    let y = try builder.matmulByExpert(x, builder.constant("w", in: constants), indices: indices, resident: 3)
    graph = try builder.build(outputs: ["y": y])
  }

  private func makeSession(_ runtime: CountingRuntime) throws -> DeviceSession {
    try DeviceBackend(runtime: runtime).compileBlocking(graph, constants: constants).makeDeviceSession()
  }

  private func run(_ session: DeviceSession, _ first: Int32, _ second: Int32) throws {
    _ = try session.runBlocking(
      RunRequest(inputs: ["x": try .counting([1, 8]), "indices": try Tensor([first, second], shape: [1, 2])]))
  }

  @Test func `each failing call is the error, and what it left in doubt is fetched again`() throws {
    let clean = CountingRuntime()
    var calls = (made: 0, ran: 0)
    do {
      let session = try makeSession(clean)
      calls.made = clean.counts.callCount
      try run(session, 0, 1)
      try run(session, 1, 4)
      calls.ran = clean.counts.callCount
      #expect(session.expertStatistics.map { [$0.hits, $0.misses] } == [1, 3])
    }
    Handover.waitUntilIdle()
    #expect(clean.counts.leftovers.isEmpty && clean.counts.byteCount == 0)
    #expect(calls.ran > calls.made + 20)
    for number in 1...calls.ran {
      let runtime = CountingRuntime(failingCall: number)
      do {
        if number <= calls.made { #expect(throws: CountingError.self) { _ = try makeSession(runtime) } }
        let session = try makeSession(runtime)
        if number > calls.made {
          #expect(throws: CountingError.self, "call \(number)") {
            try run(session, 0, 1)
            try run(session, 1, 4)
          }
        }
        #expect(session.isUsable)
        #expect(throws: Never.self) {
          try run(session, 0, 1)
          try run(session, 1, 4)
        }
      }
      Handover.waitUntilIdle()
      #expect(runtime.counts.leftovers.isEmpty && runtime.counts.byteCount == 0, "call \(number)")
    }
  }
}
