import CountingRuntime
import Heddle
import TestSupport
import Testing

@testable import HeddleExecution

/// Rows of a symbol that may be anything up to 10⁹: `y = softmax(softmax(x · wᵀ) · wᵀ)`, with a state of the caller's size.
private struct WideGraph {
  static let greatest = 1_000_000_000
  static let width = 8
  let graph: Graph
  let constants = ConstantStore()

  init() throws {
    let weights = (0..<64).map { Float($0 % 7 - 3) / 4 }
    try constants.add("w", Tensor(weights, shape: [8, 8]))
    let builder = GraphBuilder()
    let n = try builder.symbol("n", in: 1...Self.greatest)
    let x = try builder.input("x", .float32, [n, 8])
    let w = try builder.constant("w", in: constants)
    let first = try builder.softmax(builder.matmul(x, w))
    let total = try builder.state("total", .float32, [1])
    try builder.update(state: "total", to: builder.add(total, builder.input("one", .float32, [1])))
    graph = try builder.build(outputs: ["y": builder.softmax(builder.matmul(first, w))])
  }

  func request(_ rows: Int) throws -> RunRequest {
    RunRequest(inputs: ["x": try .counting([rows, 8]), "one": try Tensor([1 as Float], shape: [1])])
  }
}

/// Two symbols of their own, whose intermediates are needed at the same time:
/// `y = softmax(softmax(x)) + softmax(x)`, and the same of `z`.
private struct TwinGraph {
  let graph: Graph

  init() throws {
    let builder = GraphBuilder()
    var firsts: [Value] = []
    for (name, symbol) in [("x", "p"), ("z", "q")] {
      let rows = try builder.symbol(symbol, in: 1...WideGraph.greatest)
      firsts.append(try builder.softmax(builder.input(name, .float32, [rows, 8])))
    }
    let sums = try firsts.map { try builder.softmax($0) }.enumerated().map { try builder.add($1, firsts[$0]) }
    graph = try builder.build(outputs: ["x'": builder.softmax(sums[0]), "z'": builder.softmax(sums[1])])
  }

  func request(_ p: Int, _ q: Int) throws -> RunRequest {
    RunRequest(inputs: ["x": try .counting([p, 8]), "z": try .counting([q, 8], from: 2)])
  }
}

/// Memory of the session's own: as much as steps need, and none where the caller's is.
@Suite struct RoomTests {
  private let wide: WideGraph
  private let step: StepGraph

  init() throws {
    wide = try WideGraph()
    step = try StepGraph()
  }

  private func session(_ runtime: CountingRuntime) throws -> DeviceSession {
    try DeviceBackend(runtime: runtime).compileBlocking(wide.graph, constants: wide.constants).makeDeviceSession()
  }

  /// 32 bytes a row at each place; the arena less than three times that.
  private static let rowByteCount = 32

  @Test(arguments: TestDevices.all)
  func `a symbol of a thousand million runs in a few megabytes, whatever came before`(device: Device) async throws {
    let backend = try OpenCLBackend(device: device, cache: nil, budgetBytes: 8 << 20)
    let session = try await backend.compile(wide.graph, constants: wide.constants).makeSession([:])
    let reference = try await ReferenceBackend().compile(wide.graph, constants: wide.constants).makeSession([:])
    #expect(backend.deviceByteCount < 1 << 16, "nothing was run")
    for rows in [1, 3, 16, 17, 700, 5000, 40, 12_000, 1, 2, 20_000] {
      let got = try #require(try await session.run(wide.request(rows))["y"])
      let expected = try #require(try await reference.run(wide.request(rows))["y"])
      let pairs = zip(try got.floats(), try expected.floats())
      #expect(got.shape == [rows, 8] && pairs.allSatisfy { abs($0 - $1) < 1e-5 }, "\(rows) rows")
    }
    let (allocations, bytes) = (backend.allocationCount, backend.deviceByteCount)
    for rows in [20_000, 19_999, 1, 16, 17, 5000] { _ = try await session.run(wide.request(rows)) }
    #expect(backend.allocationCount == allocations && backend.deviceByteCount == bytes)
    // Too much for the budget: a typed error, and what was there still runs.
    await #expect(throws: OpenCLError.self) { try await session.run(wide.request(200_000)) }
    #expect(session.isUsable)
    #expect(backend.deviceByteCount <= bytes)
    #expect(try await session.run(wide.request(20_000))["y"]?.shape == [20_000, 8])
    #expect(try await session.read(.state("total")).floats() == [18])
  }

  @Test func `memory at least doubles, ends at the greatest value's, and stays`() throws {
    let runtime = CountingRuntime()
    let builder = GraphBuilder()
    let n = try builder.symbol("n", in: 0...100_000)
    let x = try builder.input("x", .float32, [n, 8])
    let graph = try builder.build(outputs: ["y": builder.softmax(builder.softmax(x))])
    let session = try DeviceBackend(runtime: runtime).compileBlocking(graph, constants: ConstantStore())
      .makeDeviceSession()
    func run(_ rows: Int) throws -> (allocations: Int, bytes: Int) {
      let before = runtime.counts.calls(.allocate)
      _ = try session.runBlocking(RunRequest(inputs: ["x": .counting([rows, 8])]))
      return (runtime.counts.calls(.allocate) - before, runtime.counts.byteCount)
    }
    let first = try run(0)
    #expect(first.allocations <= 3 && first.bytes < 1 << 20)
    #expect(try run(0).allocations == 0 && run(1000).allocations == 0)
    var grown = 0
    for rows in stride(from: 1000, through: 100_000, by: 1000) { grown += try run(rows).allocations }
    #expect((3...3 * 8).contains(grown), "\(grown) pieces of memory were made on the way")
    let last = try run(100_000)
    #expect(last.allocations == 0 && last.bytes >= 3 * 100_000 * 32 && last.bytes < 3 * 100_000 * 32 + (1 << 16))
    #expect(try run(1) == last, "what was made stays")
  }

  @Test(arguments: TestDevices.all)
  func `where two symbols take turns, intermediates are laid out anew in the memory there is`(
    device: Device
  ) async throws {
    let twin = try TwinGraph()
    let backend = try OpenCLBackend(device: device, cache: nil)
    let session = try await backend.compile(twin.graph, constants: ConstantStore()).makeSession([:])
    let reference = try await ReferenceBackend().compile(twin.graph, constants: ConstantStore()).makeSession([:])
    var allocations = 0
    for (index, (p, q)) in [(9000, 5), (5, 9000), (9000, 5), (7, 8200), (8500, 8), (1, 1)].enumerated() {
      let got = try await session.run(twin.request(p, q))
      let expected = try await reference.run(twin.request(p, q))
      for name in ["x'", "z'"] {
        let pairs = zip(try #require(try got[name]?.floats()), try #require(try expected[name]?.floats()))
        #expect(pairs.allSatisfy { abs($0 - $1) < 1e-5 }, "\(name) of \(p) and \(q) rows")
      }
      if index == 1 { allocations = backend.allocationCount }
    }
    #expect(backend.allocationCount == allocations)
    // The arguments name where blocks of uniforms begin, so all are set again.
    let runtime = CountingRuntime()
    let counted = try DeviceBackend(runtime: runtime).compileBlocking(twin.graph, constants: ConstantStore())
      .makeDeviceSession()
    func calls(_ p: Int, _ q: Int) throws -> (allocations: Int, arguments: Int) {
      let before = (runtime.counts.calls(.allocate), runtime.counts.calls(.setValue))
      _ = try counted.runBlocking(twin.request(p, q))
      return (runtime.counts.calls(.allocate) - before.0, runtime.counts.calls(.setValue) - before.1)
    }
    let launches = try #require(counted.executable.plan.lists.first).launches.count
    #expect(try calls(9000, 5).allocations > 0 && calls(5, 9000).allocations > 0)
    for (p, q) in [(9000, 5), (5, 9000)] { #expect(try calls(p, q) == (0, launches)) }
    #expect(try calls(5, 9000) == (0, 0))
  }

  @Test func `a place with the caller's memory has none of the session's`() throws {
    let runtime = CountingRuntime()
    let session = try session(runtime)
    let rows = 50_000
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 2 * rows * 32, alignment: 4096)
    defer { memory.deallocate() }
    memory.initializeMemory(as: UInt8.self, repeating: 0)
    let (x, y) = (memory[..<(rows * 32)], memory[(rows * 32)...])
    let before = runtime.counts.byteCount
    func bind() throws {
      try session.bindBlocking(
        .input("x"), to: .host(HostMemory(UnsafeMutableRawBufferPointer(rebasing: x), shape: [rows, 8])))
      try session.bindBlocking(.output("y"), to: .host(HostMemory(UnsafeMutableRawBufferPointer(rebasing: y))))
    }
    try bind()
    try [Float(1)].withUnsafeBytes { try session.writeBlocking($0, to: .input("one")) }
    _ = try session.runBlocking(RunRequest(outputs: []))
    // The arena alone: intermediates of two widths at most, in memory for twice as many.
    let bound = runtime.counts.byteCount - before
    #expect(bound < 2 * 2 * 65_536 * 32 + (1 << 16), "\(bound) bytes")
    for place in [TensorPlace.input("x"), .output("y")] { try session.bindBlocking(place, to: nil) }
    _ = try session.runBlocking(wide.request(rows))
    #expect(runtime.counts.byteCount - before >= bound + 2 * rows * 32)
    // What is bound later lets it go.
    try bind()
    #expect(runtime.counts.byteCount - before == bound)
    try [Float(1)].withUnsafeBytes { try session.writeBlocking($0, to: .input("one")) }
    _ = try session.runBlocking(RunRequest(outputs: []))
    #expect(runtime.counts.byteCount - before == bound)
  }

  @Test func `a state that was the caller's begins at its initial value in the session's own memory`() throws {
    let runtime = CountingRuntime()
    let session = try session(runtime)
    _ = try session.runBlocking(wide.request(1))
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 4096)
    defer { memory.deallocate() }
    let before = runtime.counts.live(.memory)
    try session.bindBlocking(
      .state("total"), to: .host(HostMemory(UnsafeMutableRawBufferPointer(rebasing: memory[..<4]))))
    #expect(runtime.counts.live(.memory) == before, "the wrapped one for the session's")
    let allocations = runtime.counts.calls(.allocate)
    try session.bindBlocking(.state("total"), to: nil)
    #expect(runtime.counts.calls(.allocate) == allocations && runtime.counts.live(.memory) == before - 1)
    var value: Float = 7
    try withUnsafeMutableBytes(of: &value) { try session.readBlocking($0, from: .state("total")) }
    #expect(value == 0 && runtime.counts.calls(.allocate) == allocations + 1)
    // One that always was the session's keeps what it has.
    try [Float(5)].withUnsafeBytes { try session.writeBlocking($0, to: .state("total")) }
    try session.bindBlocking(.state("total"), to: nil)
    try withUnsafeMutableBytes(of: &value) { try session.readBlocking($0, from: .state("total")) }
    #expect(value == 5)
  }

  @Test func `growth that fails at any call leaves the session, and what it holds, as they were`() throws {
    let clean = CountingRuntime()
    let cleanSession = try session(clean)
    _ = try cleanSession.runBlocking(wide.request(100))
    let first = clean.counts.callCount
    _ = try cleanSession.runBlocking(wide.request(50_000))
    let total = clean.counts.callCount - first
    var refused = 0
    for number in 1...total {
      let runtime = CountingRuntime()
      let session = try session(runtime)
      _ = try session.runBlocking(wide.request(100))
      let bytes = runtime.counts.byteCount
      runtime.counts.fail(in: number)
      #expect(throws: CountingError.self) { try session.runBlocking(wide.request(50_000)) }
      if runtime.counts.failed == .allocate {
        refused += 1
        // Uniforms may have grown.
        #expect(runtime.counts.byteCount == bytes && session.isUsable)
        var y = [UInt8](repeating: 0, count: 3200)
        #expect(throws: Never.self) {
          try y.withUnsafeMutableBytes { try session.readBlocking($0, from: .output("y")) }
        }
      }
      if !session.isUsable { try session.resetBlocking() }
      #expect(throws: Never.self, "call \(number)") {
        _ = try session.runBlocking(wide.request(100))
        _ = try session.runBlocking(wide.request(50_000))
      }
    }
    #expect(refused >= 3)
  }

  @Test func `where old and new do not fit side by side the old goes first, and doubling gives way to the budget`()
    throws
  {
    func run(_ budget: Int, _ rows: [Int]) throws -> Int {
      let runtime = CountingRuntime(budgetByteCount: budget)
      let session = try session(runtime)
      for rows in rows { _ = try session.runBlocking(wide.request(rows)) }
      #expect(session.isUsable)
      return runtime.counts.byteCount
    }
    let needed = try run(.max, [60_000])
    // What the last step needs by itself is enough after a smaller one.
    #expect(try run(needed, [30_000, 60_000]) <= needed)
    let budget = needed * 3 / 4
    #expect(throws: CountingError.self) { _ = try run(budget, [200_000]) }
    #expect(throws: Never.self) { _ = try run(budget, [20_000, 30_000]) }
  }

  @Test func `a step that fits the budget exactly runs, though nothing could double`() throws {
    // Input, output and two intermediates of 33,000 rows; at 65,536 rows the intermediates alone would be as much.
    let rows = 33_000
    let runtime = CountingRuntime(budgetByteCount: 4 * rows * Self.rowByteCount + (1 << 16))
    let session = try session(runtime)
    for rows in [5000, rows, rows &- 1, 17, rows] {
      #expect(throws: Never.self, "\(rows) rows") { _ = try session.runBlocking(wide.request(rows)) }
    }
    #expect(throws: CountingError.self) { try session.runBlocking(wide.request(40_000)) }
    #expect(throws: Never.self) { _ = try session.runBlocking(wide.request(rows)) }
  }

  @Test func `intermediates that were let go are not made again for steps that need less`() throws {
    let runtime = CountingRuntime(budgetByteCount: 9 << 20)
    let session = try session(runtime)
    _ = try session.runBlocking(wide.request(20_000))
    // Old memory goes, and the first new piece is refused.
    var number = 0
    repeat {
      number += 1
      runtime.counts.fail(in: number)
      #expect(throws: CountingError.self) { try session.runBlocking(wide.request(60_000)) }
    } while runtime.counts.failed != .allocate && number < 20
    #expect(runtime.counts.byteCount < 1 << 20)
    let rest = try runtime.allocate(8 << 20, access: .readWrite)
    #expect(throws: Never.self) { _ = try session.runBlocking(wide.request(17)) }
    withExtendedLifetime(rest) {}
  }

  @Test func `uniforms are made before the budget is shared out`() throws {
    let twin = try TwinGraph()
    func run(_ budget: Int) throws -> Int {
      let runtime = CountingRuntime(budgetByteCount: budget)
      let session = try DeviceBackend(runtime: runtime).compileBlocking(twin.graph, constants: ConstantStore())
        .makeDeviceSession()
      for (p, q) in [(9000, 5), (5, 9000)] { _ = try session.runBlocking(twin.request(p, q)) }
      return runtime.counts.byteCount
    }
    let ample = try run(.max)
    for budget in stride(from: ample - 256, through: ample + 256, by: 32) {
      #expect(throws: Never.self, "\(budget) bytes of \(ample)") { _ = try run(budget) }
    }
  }

  @Test func `a piece larger than the device makes takes nothing away, nor does memory that somebody holds`() throws {
    let runtime = CountingRuntime(budgetByteCount: 9 << 20, largestByteCount: 3 << 20)
    let session = try session(runtime)
    func expectKept(_ rows: Int, _ memory: any DeviceMemory) throws {
      #expect(throws: CountingError.self) { try session.runBlocking(wide.request(rows)) }
      #expect(try session.memoryBlocking(of: .output("y")).memory === memory)
      #expect(try session.memoryBlocking(of: .output("y")).shape == [20_000, 8])
      #expect(throws: Never.self) { _ = try session.runBlocking(wide.request(20_000)) }
    }
    _ = try session.runBlocking(wide.request(20_000))
    // Intermediates of 60,000 rows are one piece of 3.8 MB.
    try expectKept(60_000, session.memoryBlocking(of: .output("y")).memory)
    let held = CountingRuntime(budgetByteCount: 8_500_000)
    let other = try self.session(held)
    _ = try other.runBlocking(wide.request(20_000))
    let memory = try other.memoryBlocking(of: .output("y")).memory
    #expect(throws: CountingError.self) { try other.runBlocking(wide.request(65_000)) }
    #expect(try other.memoryBlocking(of: .output("y")).memory === memory)
  }

  @Test func `a tensor of a request takes the place of what was written, for the oracle as for a device`() async throws
  {
    let backends: [any Backend] = [ReferenceBackend(), DeviceBackend(runtime: CountingRuntime())]
    for backend in backends {
      let session = try await backend.compile(wide.graph, constants: wide.constants).makeSession([:])
      try await session.write(.counting([3, 8]), to: .input("x"))
      try await session.write(Tensor([1 as Float], shape: [1]), to: .input("one"))
      for _ in 0..<2 { _ = try await session.run(RunRequest(bindings: ["n": 3])) }
      _ = try await session.run(wide.request(3))
      await #expect(throws: ExecutionError.self) { try await session.run(RunRequest(bindings: ["n": 3])) }
    }
  }

  @Test func `an input of which less was written than a step needs is an error`() throws {
    let session = try session(CountingRuntime())
    func write(_ rows: Int) throws {
      try Tensor.counting([rows, 8]).bytes.withUnsafeBytes { try session.writeBlocking($0, to: .input("x")) }
    }
    try [Float(1)].withUnsafeBytes { try session.writeBlocking($0, to: .input("one")) }
    try write(3)
    _ = try session.runBlocking(RunRequest(bindings: ["n": 3], outputs: []))
    _ = try session.runBlocking(RunRequest(bindings: ["n": 2], outputs: []))
    #expect(throws: ExecutionError.self) { try session.runBlocking(RunRequest(bindings: ["n": 4], outputs: [])) }
    try write(100_000)
    _ = try session.runBlocking(RunRequest(bindings: ["n": 100_000], outputs: []))
    // A tensor of a request takes its place, for that request.
    _ = try session.runBlocking(wide.request(200_000))
    #expect(throws: ExecutionError.self) { try session.runBlocking(RunRequest(bindings: ["n": 3], outputs: [])) }
    #expect(session.isUsable)
  }

  @Test func `what no run has made cannot be read, and device memory is there when it is asked for`() throws {
    let session = try session(CountingRuntime())
    var bytes = [UInt8](repeating: 0, count: 64)
    #expect(throws: ExecutionError.byteCount(.output("y"), asked: 64, available: 0)) {
      try bytes.withUnsafeMutableBytes { try session.readBlocking($0, from: .output("y")) }
    }
    #expect(try session.memoryBlocking(of: .input("one")).memory.byteCount >= 4)
    #expect(throws: (any Error).self) { try session.memoryBlocking(of: .output("y")) }
    _ = try session.runBlocking(wide.request(2))
    try bytes.withUnsafeMutableBytes { try session.readBlocking($0, from: .output("y")) }
    #expect(try session.memoryBlocking(of: .output("y")).shape == [2, 8])
  }
}
