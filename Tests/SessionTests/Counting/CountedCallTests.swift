import CountingRuntime
import Heddle
import HeddleHost
import Synchronization
import Testing

@testable import HeddleExecution

/// What compiling and running ask of a device, counted.
@Suite struct CountedCallTests {
  private let step: StepGraph

  init() throws { step = try StepGraph() }

  private func session(_ runtime: CountingRuntime) throws -> DeviceSession {
    try DeviceBackend(runtime: runtime).compileBlocking(step.graph, constants: step.constants)
      .makeDeviceSession(["capacity": 20])
  }

  @Test func `a step is its launches and little else`() throws {
    let runtime = CountingRuntime()
    let session = try session(runtime)
    try session.writeBlocking(UnsafeRawBufferPointer(start: nil, count: 0), to: .input("x"))
    try step.request(rows: 1, past: 0).inputs["x"]?.bytes.withUnsafeBytes {
      try session.writeBlocking($0, to: .input("x"))
    }
    let request = RunRequest(bindings: ["n": 1, "past": 3], outputs: [])
    let list = session.executable.plan.lists[
      try #require(
        session.executable.plan.listIndex(for: [
          "n": 1, "past": 3, "capacity": 20,
        ]))]
    func calls(_ body: () throws -> Void) rethrows -> [Counts.Call: Int] {
      let before = Dictionary(uniqueKeysWithValues: Counts.Call.allCases.map { ($0, runtime.counts.calls($0)) })
      try body()
      return before.mapValues { -$0 }.merging(Counts.Call.allCases.map { ($0, runtime.counts.calls($0)) }) { $0 + $1 }
        .filter { $0.value != 0 }
    }
    let first = try calls { _ = try session.runBlocking(request) }
    let launches = list.launches.count
    #expect(first[.launch] == launches && first[.write] == 1, "the uniforms are written once")
    // The same symbols: nothing is written, nothing is looked up.
    let again = try calls { try session.runAgainBlocking() }
    #expect(again == [.checkProcess: 1, .takeTurn: 1, .launch: launches, .wait: 1])
    // Room for the intermediates and the two outputs: of the input and the state there is.
    #expect(first[.allocate] == 3)
    for made in [Counts.Call.build, .makeKernel, .makeQueue] { #expect(first[made] == nil) }
    for bindings: Bindings in [["n": 20, "past": 0], ["n": 0, "past": 20], ["n": 2, "past": 9]] {
      let other = try calls {
        _ = try session.runBlocking(RunRequest(inputs: ["x": .counting([bindings["n"] ?? 0, 8])], bindings: bindings))
      }
      #expect(other[.allocate] == nil, "\(bindings)")
    }
  }

  @Test(arguments: [true, false])
  func `the host's memory is the device's during a run and the host's after`(isShared: Bool) throws {
    let runtime = CountingRuntime(sharesHostMemory: isShared)
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 4096)
    defer { memory.deallocate() }
    let session = try session(runtime)
    let x = HostMemory(UnsafeMutableRawBufferPointer(rebasing: memory[0..<64]), shape: [2, 8])
    #expect(try session.bindBlocking(.input("x"), to: .host(x)) == (isShared ? .inPlace : .copied))
    #expect(runtime.counts.live(.mapping) == (isShared ? 1 : 0))
    let (maps, unmaps) = (runtime.counts.calls(.map), runtime.counts.calls(.unmap))
    _ = try session.runBlocking(RunRequest(bindings: ["past": 0], outputs: []))
    #expect(runtime.counts.calls(.map) - maps == (isShared ? 1 : 0))
    #expect(runtime.counts.calls(.unmap) - unmaps == (isShared ? 1 : 0))
    // The same bytes under a state would be written by kernels that read them: they are copied.
    let cache = HostMemory(UnsafeMutableRawBufferPointer(rebasing: memory[0..<640]))
    #expect(try session.bindBlocking(.state("cache"), to: .host(cache)) == .copied)
    try session.bindBlocking(.input("x"), to: nil)
    #expect(runtime.counts.live(.mapping) == 0)
    #expect(throws: ExecutionError.boundToHost(.state("cache"))) {
      try session.writeBlocking(UnsafeRawBufferPointer(memory), to: .state("cache"))
    }
  }

  @Test func `what was written is read, as a task and on the calling thread`() async throws {
    let session = try session(CountingRuntime())
    let rows = try Tensor.counting([20, 8])
    try await session.write(rows, to: .state("cache"))
    #expect(try await session.read(.state("cache")) == rows)
    try await session.reset()
    #expect(try await session.read(.state("cache")).floats().allSatisfy { $0 == 0 })
    let long = try Tensor.counting([21, 8])
    await #expect(throws: ExecutionError.byteCount(.state("cache"), asked: 672, available: 640)) {
      try await session.write(long, to: .state("cache"))
    }
    await #expect(throws: ExecutionError.unknownPlace(.output("q"), known: session.executable.graph.inOrder)) {
      try await session.read(.output("q"))
    }
  }

  @Test func `a budget too small is a typed error and leaks nothing`() throws {
    var budget = 0
    var refused = 0
    while true {
      let runtime = CountingRuntime(budgetByteCount: budget)
      do {
        _ = try session(runtime).runBlocking(step.request(rows: 20, past: 0))
        break
      } catch CountingError.budgetExceeded(let requested, let inUse, budget) {
        refused += 1
        #expect(requested + inUse > budget)
        budget = requested + inUse
      }
      Handover.waitUntilIdle()
      #expect(runtime.counts.leftovers == [:] && runtime.counts.byteCount == 0)
    }
    #expect(refused > 5)
  }

  @Test func `launches keep to the work-groups that a device takes`() throws {
    var target = CountingRuntime.target
    target.maximumGroupCounts = [.max, 40, 40]
    let runtime = CountingRuntime(target: target)
    // Packing is cut into pieces.
    let constants = ConstantStore()
    let rows = 1000
    try constants.add("w", Tensor([Float](repeating: 1, count: rows * 64), shape: [rows, 64]))
    let builder = GraphBuilder()
    let x = try builder.input("x", .float32, [builder.symbol("n", in: 1...600), 64])
    let y = try builder.matmul(x, builder.constant("w", in: constants))
    let graph = try builder.build(outputs: ["y": builder.softmax(y)])
    let backend = DeviceBackend(runtime: runtime)
    let session = try backend.compileBlocking(graph, constants: constants).makeDeviceSession()
    func isWithin(_ launch: (global: [Int], local: [Int])) -> Bool {
      target.takes(groups: target.groupCounts(global: launch.global, local: launch.local))
    }
    #expect(runtime.counts.launches.count >= 25 && runtime.counts.launches.allSatisfy(isWithin))
    _ = try session.runBlocking(RunRequest(inputs: ["x": .counting([8, 64])]))
    #expect(runtime.counts.launches.allSatisfy(isWithin))
    let before = runtime.counts.launches.count
    let error = #expect(throws: ExecutionError.self) {
      try session.runBlocking(RunRequest(inputs: ["x": .counting([600, 64])]))
    }
    guard case .grid(_, let groups, [.max, 40, 40]) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(groups.dropFirst().contains { $0 > 40 })
    #expect(runtime.counts.launches.count == before && session.isUsable)
    _ = try session.runBlocking(RunRequest(inputs: ["x": .counting([2, 64])]))
  }

  @Test func `a kernel keeps its memory until it is cleared, and is launched with all arguments or not at all`() throws
  {
    let runtime = CountingRuntime()
    let queue = try runtime.makeQueue(isTimed: false)
    let kernel = try runtime.build("", options: [], name: "").makeKernel("k")
    func launch() throws { _ = try queue.launch(kernel, global: [1], local: [1], event: false) }
    func set() throws {
      try kernel.set(1, to: 7)
      #expect(throws: CountingError.unsetArgument) { try launch() }
      try kernel.set(0, to: runtime.allocate(64, access: .readWrite))
    }
    #expect(throws: CountingError.unsetArgument) { try launch() }
    try set()
    #expect(throws: Never.self) { try launch() }
    #expect(runtime.counts.live(.memory) == 1)
    kernel.clear()
    #expect(runtime.counts.live(.memory) == 0)
    try set()
    #expect(throws: Never.self) { try launch() }
  }

  @Test func `a graph is planned once, with a record of measurements too`() async throws {
    let planned = Mutex(0)
    let kernel = CustomKernel(source: "", entry: "counted") { _, _, _ in
      planned.withLock { $0 += 1 }
      return CustomKernel.Launch(global: [1], local: [1])
    }
    let builder = GraphBuilder()
    let x = try builder.input("x", .float32, [4])
    let y = try builder.custom(Custom(name: "counted", rule: .sameAs(operand: 0)), [x])[0]
    let graph = try builder.build(outputs: ["y": y])
    let backend = DeviceBackend(runtime: CountingRuntime(), customKernels: ["counted": kernel])
    _ = try backend.planner.plan(graph)
    let once = planned.withLock { $0 }
    let entry = TuningEntry(
      signature: ProblemSignature(rawValue: "p"), digest: "", candidates: [.init(name: "a", seconds: 1)])
    backend.tuningRecord.store([entry])
    _ = try await backend.compile(graph, constants: ConstantStore())
    #expect(planned.withLock { $0 } == 2 * once)
  }
}

extension Graph {
  /// Every place, as sessions list them.
  fileprivate var inOrder: [TensorPlace] {
    inputs.map { .input($0.name) } + states.map { .state($0.name) } + outputs.map { .output($0.name) }
  }
}
