import CountingRuntime
import Heddle
import TestSupport
import Testing

@testable import HeddleExecution

/// What stands in a session's memory before a run has made it is given to nobody, and a run that fails before its first
/// launch takes no value away without saying so.
@Suite struct UnmadeValueTests {
  private static let rowByteCount = 32

  /// `y = softmax(softmax(x))` on rows of 8.
  private func session(
    _ runtime: CountingRuntime = CountingRuntime(), rows: ClosedRange<Int> = 1...1_000_000
  ) throws -> DeviceSession {
    let builder = GraphBuilder()
    let n = rows.count == 1 ? Dimension(rows.lowerBound) : try builder.symbol("n", in: rows)
    let x = try builder.input("x", .float32, [n, 8])
    let graph = try builder.build(outputs: ["y": builder.softmax(builder.softmax(x))])
    return try DeviceBackend(runtime: runtime).compileBlocking(graph, constants: ConstantStore()).makeDeviceSession()
  }

  private func request(_ rows: Int) throws -> RunRequest { RunRequest(inputs: ["x": try .counting([rows, 8])]) }

  private func read(_ rows: Int, _ place: TensorPlace, _ session: DeviceSession) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: rows * Self.rowByteCount)
    try bytes.withUnsafeMutableBytes { try session.readBlocking($0, from: place) }
    return bytes
  }

  private func expectUnmade(_ rows: Int, _ session: DeviceSession, _ location: SourceLocation = #_sourceLocation) {
    let error = ExecutionError.byteCount(.output("y"), asked: rows * Self.rowByteCount, available: 0)
    #expect(throws: error, sourceLocation: location) { try session.memoryBlocking(of: .output("y")) }
    #expect(throws: error, sourceLocation: location) { _ = try read(rows, .output("y"), session) }
  }

  @Test func `an output that was the caller's is no value before the next run`() throws {
    let session = try session()
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 4096)
    defer { memory.deallocate() }
    _ = try session.runBlocking(request(4))
    #expect(try session.memoryBlocking(of: .output("y")).shape == [4, 8])
    #expect(try session.bindBlocking(.output("y"), to: .host(HostMemory(memory))) == .inPlace)
    try session.bindBlocking(.output("y"), to: nil)
    expectUnmade(4, session)
    _ = try session.runBlocking(request(4))
    #expect(throws: Never.self) { try read(4, .output("y"), session) }
  }

  @Test func `a static output is no value before the first run`() throws {
    let session = try session(rows: 4...4)
    expectUnmade(4, session)
    _ = try session.runBlocking(request(4))
    #expect(try session.memoryBlocking(of: .output("y")).shape == [4, 8])
  }

  @Test func `a run that fails once there is more room leaves outputs that say they are not made`() throws {
    var failed: [Counts.Call] = []
    for number in 1...40 {
      let runtime = CountingRuntime()
      let session = try session(runtime)
      _ = try session.runBlocking(request(10))
      let allocations = runtime.counts.calls(.allocate)
      let before = try session.memoryBlocking(of: .output("y")).memory
      runtime.counts.fail(in: number)
      do { _ = try session.runBlocking(request(50_000)) } catch {
        failed.append(runtime.counts.failed ?? .checkProcess)
      }
      guard failed.last == .takeTurn else { continue }
      #expect(runtime.counts.calls(.allocate) > allocations)
      expectUnmade(10, session)
      _ = try session.runBlocking(request(10))
      #expect(try session.memoryBlocking(of: .output("y")).memory !== before)
      return
    }
    Issue.record("no run waited for its turn, of \(failed)")
  }

  @Test func `what is refused before a run begins takes nothing away`() throws {
    var target = CountingRuntime.target
    target.maximumGroupCounts = [600, 600, 600]
    let session = try session(CountingRuntime(target: target))
    _ = try session.runBlocking(request(10))
    let before = try session.memoryBlocking(of: .output("y")).memory
    // More work-groups than the device takes.
    let error = #expect(throws: ExecutionError.self) { try session.runBlocking(request(50_000)) }
    guard case .grid = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(try session.memoryBlocking(of: .output("y")).memory === before)
    var late = try request(500)
    late.deadline = .now - .seconds(1)
    #expect(throws: ExecutionError.deadlineExceeded) { try session.runBlocking(late) }
    let cancellation = RunCancellation()
    cancellation.cancel()
    #expect(throws: CancellationError.self) { try session.runBlocking(request(50), cancellation: cancellation) }
    #expect(try session.memoryBlocking(of: .output("y")).memory === before)
    #expect(try session.memoryBlocking(of: .output("y")).shape == [10, 8])
    _ = try session.runBlocking(request(10))
  }

  @Test func `asking for an input's memory does not take away what was written to it`() throws {
    let session = try session()
    let rows = 100_000
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: rows * 32, alignment: 4096)
    defer { memory.deallocate() }
    memory.initializeMemory(as: UInt8.self, repeating: 0)
    try session.bindBlocking(.input("x"), to: .host(HostMemory(memory, shape: [rows, 8])))
    _ = try session.runBlocking(RunRequest(outputs: []))
    try session.bindBlocking(.input("x"), to: nil)
    try Tensor.counting([3, 8]).bytes.withUnsafeBytes { try session.writeBlocking($0, to: .input("x")) }
    #expect(throws: ExecutionError.self) { try session.memoryBlocking(of: .input("x")) }
    #expect(try read(3, .input("x"), session) == Tensor.counting([3, 8]).bytes)
    _ = try session.runBlocking(RunRequest(bindings: ["n": 3], outputs: []))
    #expect(try session.memoryBlocking(of: .input("x")).shape == [3, 8])
  }

  @Test func `no memory is taken on the host for a value that is not there`() async throws {
    let side = 1 << 20
    let builder = GraphBuilder()
    let x = try builder.input("x", .float32, [Dimension(side), Dimension(side)])
    let graph = try builder.build(outputs: ["y": builder.unary(.relu, x)])
    let session = try DeviceBackend(runtime: CountingRuntime()).compileBlocking(graph, constants: ConstantStore())
      .makeDeviceSession()
    await #expect(throws: ExecutionError.byteCount(.output("y"), asked: 1 << 42, available: 0)) {
      try await session.read(.output("y"))
    }
    #expect(throws: ExecutionError.byteCount(.output("y"), asked: 1 << 42, available: 0)) {
      try session.checkReadableBlocking(1 << 42, from: .output("y"))
    }
    // An input whose elements are all one of the host's.
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 4096)
    defer { memory.deallocate() }
    let element = UnsafeMutableRawBufferPointer(rebasing: memory[..<4])
    try session.bindBlocking(.input("x"), to: .host(HostMemory(element, layout: TensorLayout(strides: [0, 0]))))
    await #expect(throws: ExecutionError.self) { try await session.read(.input("x")) }
    var few = [UInt8](repeating: 0, count: 4)
    #expect(throws: ExecutionError.self) {
      try few.withUnsafeMutableBytes { try session.readBlocking($0, from: .input("x")) }
    }
  }

  @Test func `a state is made for those who ask for it, not for others`() throws {
    let builder = GraphBuilder()
    let total = try builder.state("total", .float32, [4096])
    let y = try builder.unary(.relu, builder.input("x", .float32, [64]))
    try builder.update(state: "total", to: builder.unary(.relu, total))
    let graph = try builder.build(outputs: ["y": y])
    let runtime = CountingRuntime(budgetByteCount: 1 << 20)
    let session = try DeviceBackend(runtime: runtime).compileBlocking(graph, constants: ConstantStore())
      .makeDeviceSession()
    let value = try Tensor.counting([64])
    _ = try session.runBlocking(RunRequest(inputs: ["x": value]))
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 16384, alignment: 4096)
    defer { memory.deallocate() }
    try session.bindBlocking(.state("total"), to: .host(HostMemory(memory)))
    try session.bindBlocking(.state("total"), to: nil)
    let rest = try runtime.allocate(runtime.budgetByteCount - runtime.allocatedByteCount, access: .readWrite)
    var bytes = [UInt8](repeating: 0, count: 256)
    func read(_ place: TensorPlace) throws {
      try bytes.withUnsafeMutableBytes { try session.readBlocking($0, from: place) }
    }
    #expect(throws: Never.self) {
      try read(.output("y"))
      try value.bytes.withUnsafeBytes { try session.writeBlocking($0, to: .input("x")) }
      _ = try session.memoryBlocking(of: .input("x"))
    }
    _ = withExtendedLifetime(rest) { #expect(throws: CountingError.self) { try read(.state("total")) } }
  }
}
