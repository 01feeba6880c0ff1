import Foundation
import HeddleGraph
import HeddleReference
import Synchronization
import Testing

@Suite struct ReferenceBackendTests {
  private func cacheGraph() throws -> Graph {
    let builder = GraphBuilder()
    let past = try builder.symbol("past", in: 0...8)
    let tokens = try builder.symbol("tokens", in: 0...8)
    let capacity = try builder.symbol("capacity", in: 1...8)
    let x = try builder.input("x", .float32, [tokens, 1])
    let cache = try builder.state("cache", .float32, [capacity, 1])
    let next = try builder.writeRows(x, to: cache, at: past)
    try builder.update(state: "cache", to: next)
    return try builder.build(outputs: ["before": cache, "next": next])
  }

  private func step(_ values: [Float], past: Int) throws -> RunRequest {
    RunRequest(inputs: ["x": try Tensor(values, shape: [values.count, 1])], bindings: ["past": past])
  }

  @Test func `states start at zero, grow, belong to a session and reset`() async throws {
    let executable = try await ReferenceBackend().compile(cacheGraph())
    let (one, two) = (try executable.makeSession(["capacity": 3]), try executable.makeSession(["capacity": 3]))
    #expect(try await one.run(step([5, 6], past: 0))["next"]?.floats() == [5, 6, 0])
    let second = try await one.run(step([7], past: 2))
    #expect(try second["before"]?.floats() == [5, 6, 0])
    #expect(try second["next"]?.floats() == [5, 6, 7])
    #expect(try await two.run(step([], past: 3))["next"]?.floats() == [0, 0, 0])
    await #expect(throws: ExecutionError.self) { try await one.run(step([8], past: 3)) }
    #expect(one.isUsable)
    #expect(try await one.run(step([], past: 0))["next"]?.floats() == [5, 6, 7])
    try await one.reset()
    #expect(try await one.run(step([], past: 0))["next"]?.floats() == [0, 0, 0])
  }

  @Test func `sessions refuse wrong bindings`() async throws {
    let executable = try await ReferenceBackend().compile(cacheGraph(), constants: ConstantStore())
    #expect(throws: ExecutionError.binding(.unboundSymbol("capacity"))) { try executable.makeSession([:]) }
    #expect(throws: ExecutionError.self) { try executable.makeSession(["capacity": 9]) }
    #expect(throws: ExecutionError.self) { try executable.makeSession(["capacity": 3, "rows": 1]) }
    let small = try await ReferenceBackend(largestTensor: 8).compile(cacheGraph(), constants: ConstantStore())
    #expect(throws: ExecutionError.self) { try small.makeSession(["capacity": 3]) }
    let session = try executable.makeSession(["capacity": 3])
    var request = try step([1], past: 0)
    request.outputs = ["nothing"]
    await #expect(throws: ExecutionError.unknownOutput("nothing", known: ["before", "next"])) {
      try await session.run(request)
    }
    request.outputs = ["next"]
    #expect(try await session.run(request).keys.sorted() == ["next"])
  }

  @Test func `a deadline and a cancelled task end a run and change nothing`() async throws {
    let executable = try await ReferenceBackend().compile(cacheGraph(), constants: ConstantStore())
    let session = try executable.makeSession(["capacity": 2])
    var late = try step([1, 2], past: 0)
    late.deadline = .now - .seconds(1)
    let overdue = late
    await #expect(throws: ExecutionError.deadlineExceeded) { try await session.run(overdue) }
    let request = try step([1, 2], past: 0)
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try await session.run(request)
    }
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(try await session.run(step([], past: 0))["next"]?.floats() == [0, 0])
  }

  @Test func `a session runs one step at a time`() async throws {
    let builder = GraphBuilder()
    let x = try builder.input("x", .float32, [1])
    let custom = try builder.custom(Custom(name: "again", rule: .sameAs(operand: 0)), [x])[0]
    let graph = try builder.build(outputs: ["y": custom])
    let entered = AsyncStream.makeStream(of: Void.self)
    let gate = Gate()
    let backend = ReferenceBackend(customOperations: [
      "again": { _, operands in
        entered.continuation.yield()
        gate.wait()
        return operands
      }
    ])
    let session = try await backend.compile(graph, constants: ConstantStore()).makeSession([:])
    let request = RunRequest(inputs: ["x": try Tensor([1 as Float], shape: [1])])
    let first = Task.detached { try await session.run(request) }
    for await _ in entered.stream { break }
    await #expect(throws: ExecutionError.sessionBusy) { try await session.run(request) }
    await #expect(throws: ExecutionError.sessionBusy) { try await session.reset() }
    gate.open()
    #expect(try await first.value["y"]?.floats() == [1])
  }

  @Test func `custom operations`() async throws {
    let builder = GraphBuilder()
    let x = try builder.input("x", .float32, [2])
    let y = try builder.custom(Custom(name: "double", attributes: ["by": .number(2)], rule: .sameAs(operand: 0)), [x])
    let line = #line - 1
    let graph = try builder.build(outputs: ["y": y[0]])
    let request = RunRequest(inputs: ["x": try Tensor([1 as Float, 2], shape: [2])])

    let error = await #expect(throws: ExecutionError.self) {
      try await ReferenceBackend().compile(graph, constants: ConstantStore())
    }
    guard case .unsupported("custom", let reason, let origin) = error else { throw Unexpected() }
    #expect(reason.contains("double"))
    #expect(origin.line == line)
    #expect(
      !ReferenceBackend().supports(graph.nodes[1].operation, operands: [TensorType(.float32, [2])]).isSupported)

    let backend = ReferenceBackend(customOperations: [
      "double": { custom, operands in
        guard case .number(let factor) = custom.attributes["by"] else { return [] }
        return [try Tensor(operands[0].floats().map { $0 * Float(factor) }, shape: operands[0].shape)]
      }
    ])
    let session = try await backend.compile(graph, constants: ConstantStore()).makeSession([:])
    #expect(try await session.run(request)["y"]?.floats() == [2, 4])

    let wrong = ReferenceBackend(customOperations: ["double": { _, _ in [] }])
    let other = try await wrong.compile(graph, constants: ConstantStore()).makeSession([:])
    await #expect(throws: ExecutionError.self) { try await other.run(request) }
  }

  @Test func `constants must be there and of their type`() async throws {
    let store = ConstantStore()
    try store.add("w", Tensor([1 as Float, 2], shape: [2]))
    let builder = GraphBuilder()
    let w = try builder.constant("w", in: store)
    let graph = try builder.build(outputs: ["w": w])
    let session = try await ReferenceBackend().compile(graph, constants: store).makeSession([:])
    #expect(try await session.run(RunRequest())["w"]?.floats() == [1, 2])
    await #expect(throws: GraphError.self) {
      try await ReferenceBackend().compile(graph, constants: ConstantStore())
    }
    let other = ConstantStore()
    try other.add("w", Tensor([1 as Float], shape: [1]))
    await #expect(throws: GraphError.self) { try await ReferenceBackend().compile(graph, constants: other) }
  }

  @Test func `a state begins as the constant it names, and does so again after a reset`() async throws {
    let store = ConstantStore()
    try store.add("first", Tensor([1 as Float, 2], shape: [2]))
    let builder = GraphBuilder()
    let state = try builder.state("s", .float32, [2], initial: "first")
    let next = try builder.add(state, state)
    try builder.update(state: "s", to: next)
    let graph = try builder.build(outputs: ["y": next])
    let session = try await ReferenceBackend().compile(graph, constants: store).makeSession([:])
    for _ in 0..<2 {
      #expect(try await session.run(RunRequest())["y"]?.floats() == [2, 4])
      #expect(try await session.run(RunRequest())["y"]?.floats() == [4, 8])
      try await session.reset()
    }
    await #expect(throws: GraphError.self) {
      try await ReferenceBackend().compile(graph, constants: ConstantStore())
    }
  }

  private struct Unexpected: Error {}
}

/// Opens once; whoever waits before goes on then.
private final class Gate: Sendable {
  private let state = Mutex(false)

  func open() { state.withLock { $0 = true } }
  func wait() { while !state.withLock({ $0 }) { Thread.sleep(forTimeInterval: 0.001) } }
}
