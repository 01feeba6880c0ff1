import Heddle
import TestSupport
import Testing

@testable import HeddleExecution

/// Sessions on the host's own memory, on the calling thread.
@Suite struct HostMemoryTests {
  private let step: StepGraph

  init() throws { step = try StepGraph() }

  /// Memory of floats at a chosen distance from a page's start, with known bytes around.
  private final class Floats: @unchecked Sendable {
    private let whole: UnsafeMutableRawBufferPointer
    let bytes: UnsafeMutableRawBufferPointer
    static let untouched: Float = 77

    init(_ count: Int, at distance: Int = 0) {
      whole = .allocate(byteCount: 4096 + distance + 4 * count, alignment: 4096)
      whole.initializeMemory(as: UInt8.self, repeating: 0)
      bytes = UnsafeMutableRawBufferPointer(rebasing: whole[distance..<distance + 4 * count])
      values = .init(repeating: Self.untouched, count: count)
    }

    deinit { whole.deallocate() }

    var values: [Float] {
      get { (0..<bytes.count / 4).map { bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) } }
      set { newValue.withUnsafeBytes { bytes.copyMemory(from: $0) } }
    }
  }

  private func session(
    _ device: Device, layouts: [TensorPlace: TensorLayout] = [:]
  ) throws -> DeviceSession {
    let executable = try backend(device).compileBlocking(step.graph, constants: step.constants, layouts: layouts)
    return try executable.makeDeviceSession(["capacity": 6])
  }

  @Test(arguments: TestDevices.all)
  func `memory in place and memory that is copied give the same`(device: Device) throws {
    let session = try session(device)
    // Aligned, at an address that suits floats, at one that suits nothing.
    for (distance, residence) in [(0, Residence.inPlace), (4, .inPlace), (20, .inPlace), (3, .copied)] {
      let (x, y, cache) = (Floats(24, at: distance), Floats(24, at: distance), Floats(48, at: distance))
      // A state is what its memory holds, whatever was bound before it.
      cache.values = [Float](repeating: 3, count: 48)
      let expected = device.profile.hostUnifiedMemory ? residence : .copied
      #expect(try session.bindBlocking(.input("x"), to: .host(HostMemory(x.bytes, shape: [3, 8]))) == expected)
      #expect(try session.bindBlocking(.output("y"), to: .host(HostMemory(y.bytes))) == expected)
      #expect(try session.bindBlocking(.state("cache"), to: .host(HostMemory(cache.bytes))) == expected)
      for first in [-3, 5, 9] {
        x.values = try Tensor.counting([3, 8], from: first).floats()
        // The shape says how many rows there are.
        _ = try session.runBlocking(RunRequest(bindings: ["past": 2], outputs: []))
        #expect(try y.values == step.expected(rows: 3, from: first), "at \(distance)")
        #expect(cache.values.prefix(16).allSatisfy { $0 == 3 } && Array(cache.values[16..<40]) == x.values)
      }
      // The host changes a state between runs; another step sees it.
      cache.values = [Float](repeating: 4, count: 48)
      _ = try session.runBlocking(RunRequest(bindings: ["past": 0], outputs: []))
      #expect(Array(cache.values.prefix(24)) == x.values && cache.values.suffix(24).allSatisfy { $0 == 4 })
      try session.resetBlocking()
      #expect(cache.values.allSatisfy { $0 == 0 })
      // Before the memory goes.
      for place in [TensorPlace.input("x"), .output("y"), .state("cache")] {
        try session.bindBlocking(place, to: nil)
      }
    }
  }

  @Test(arguments: TestDevices.all)
  func `elements anywhere are gathered and scattered, and nothing between them is touched`(device: Device) throws {
    let session = try session(device)
    // x is the transposition of [8, 5], y every third element of rows 40 apart.
    let (x, y) = (Floats(40), Floats(200))
    let value = try Tensor.counting([3, 8]).floats()
    var transposed = [Float](repeating: .nan, count: 40)
    for row in 0..<3 { for column in 0..<8 { transposed[column * 5 + row + 1] = value[row * 8 + column] } }
    x.values = transposed
    let xLayout = TensorLayout(offset: 1, strides: [1, 5])
    let yLayout = TensorLayout(offset: 2, strides: [40, 3])
    #expect(
      try session.bindBlocking(.input("x"), to: .host(HostMemory(x.bytes, layout: xLayout, shape: [3, 8]))) == .copied)
    #expect(try session.bindBlocking(.output("y"), to: .host(HostMemory(y.bytes, layout: yLayout))) == .copied)
    _ = try session.runBlocking(RunRequest(bindings: ["past": 0], outputs: []))
    var expected = [Float](repeating: Floats.untouched, count: 200)
    for (index, result) in try step.expected(rows: 3).enumerated() {
      expected[2 + index / 8 * 40 + index % 8 * 3] = result
    }
    #expect(y.values == expected)
    // Read, they are in a row again.
    let row = Floats(24)
    try session.readBlocking(row.bytes, from: .output("y"))
    #expect(try row.values == step.expected(rows: 3))
    #expect(throws: ExecutionError.self) { try session.readBlocking(x.bytes, from: .output("y")) }
  }

  @Test(arguments: TestDevices.all)
  func `an axis of one element may have any stride`(device: Device) throws {
    let session = try session(device)
    let (x, y) = (Floats(16), Floats(24))
    var spread = [Float](repeating: .nan, count: 16)
    for (index, value) in try Tensor.counting([1, 8]).floats().enumerated() { spread[1 + 2 * index] = value }
    x.values = spread
    let xMemory = HostMemory(x.bytes, layout: TensorLayout(offset: 1, strides: [.max, 2]), shape: [1, 8])
    let yMemory = HostMemory(y.bytes, layout: TensorLayout(offset: 2, strides: [.max, 3]))
    #expect(try session.bindBlocking(.input("x"), to: .host(xMemory)) == .copied)
    #expect(try session.bindBlocking(.output("y"), to: .host(yMemory)) == .copied)
    _ = try session.runBlocking(RunRequest(bindings: ["past": 0], outputs: []))
    var expected = [Float](repeating: Floats.untouched, count: 24)
    for (index, result) in try step.expected(rows: 1).enumerated() { expected[2 + 3 * index] = result }
    #expect(y.values == expected)
  }

  @Test(arguments: TestDevices.all)
  func `an executable compiled for layouts reads and writes where they say`(device: Device) throws {
    let layouts: [TensorPlace: TensorLayout] = [
      .input("x"): TensorLayout(offset: 1, strides: [1, 5]), .output("y"): TensorLayout(offset: 2, strides: [40, 3]),
      .state("cache"): TensorLayout(offset: 3, strides: [11, 1]),
    ]
    let session = try session(device, layouts: layouts)
    let (x, y, cache) = (Floats(40), Floats(200), Floats(80))
    let value = try Tensor.counting([3, 8]).floats()
    var transposed = [Float](repeating: .nan, count: 40)
    for row in 0..<3 { for column in 0..<8 { transposed[column * 5 + row + 1] = value[row * 8 + column] } }
    x.values = transposed
    let inPlace: Residence = device.profile.hostUnifiedMemory ? .inPlace : .copied
    #expect(try session.bindBlocking(.input("x"), to: .host(HostMemory(x.bytes, shape: [3, 8]))) == inPlace)
    #expect(throws: ExecutionError.self) {
      try session.runBlocking(RunRequest(inputs: ["x": .counting([3, 8])], bindings: ["past": 1]))
    }
    #expect(try session.bindBlocking(.output("y"), to: .host(HostMemory(y.bytes))) == inPlace)
    #expect(try session.bindBlocking(.state("cache"), to: .host(HostMemory(cache.bytes))) == inPlace)
    _ = try session.runBlocking(RunRequest(bindings: ["past": 1], outputs: []))
    var expected = [Float](repeating: Floats.untouched, count: 200)
    for (index, result) in try step.expected(rows: 3).enumerated() {
      expected[2 + index / 8 * 40 + index % 8 * 3] = result
    }
    #expect(y.values == expected)
    var rows = [Float](repeating: Floats.untouched, count: 80)
    for (index, element) in value.enumerated() { rows[3 + (1 + index / 8) * 11 + index % 8] = element }
    #expect(cache.values == rows)
    // Other strides than compiled for still work, through copies.
    let plain = Floats(24)
    plain.values = try Tensor.counting([3, 8], from: 7).floats()
    let rowMajor = HostMemory(plain.bytes, layout: TensorLayout(strides: [8, 1]), shape: [3, 8])
    #expect(try session.bindBlocking(.input("x"), to: .host(rowMajor)) == .copied)
    _ = try session.runBlocking(RunRequest(bindings: ["past": 1], outputs: []))
    #expect(try y.values[2 + 2 * 40 + 7 * 3] == step.expected(rows: 3, from: 7)[23])
    // The same graph with the same layouts is the same executable, with others another.
    let backend = try backend(device)
    let first = try backend.compileBlocking(step.graph, constants: step.constants, layouts: layouts)
    #expect(try backend.compileBlocking(step.graph, constants: step.constants, layouts: layouts) === first)
    #expect(try backend.compileBlocking(step.graph, constants: step.constants) !== first)
  }

  @Test(arguments: TestDevices.all)
  func `memory that does not fit is refused, and what was bound stays`(device: Device) throws {
    let session = try session(device)
    let (x, y) = (Floats(24), Floats(24))
    x.values = try Tensor.counting([3, 8]).floats()
    try session.bindBlocking(.input("x"), to: .host(HostMemory(x.bytes, shape: [3, 8])))
    try session.bindBlocking(.output("y"), to: .host(HostMemory(y.bytes)))
    let wrong: [(TensorPlace, HostMemory)] = [
      (.input("x"), HostMemory(x.bytes, layout: TensorLayout(strides: [8]))),
      (.input("x"), HostMemory(x.bytes, layout: TensorLayout(strides: [-8, 1]))),
      (.input("x"), HostMemory(x.bytes, layout: TensorLayout(offset: -1, strides: [8, 1]))),
      (.input("x"), HostMemory(x.bytes, layout: TensorLayout(strides: [.max / 2, 1]), shape: [3, 8])),
      (.output("y"), HostMemory(y.bytes, layout: TensorLayout(strides: [0, 1]), shape: [3, 8])),
      (.output("y"), HostMemory(y.bytes, layout: TensorLayout(strides: [4, 1]), shape: [3, 8])),
      (.output("y"), HostMemory(y.bytes, isReadOnly: true)), (.input("q"), HostMemory(x.bytes)),
    ]
    for (reference, memory) in wrong {
      #expect(throws: ExecutionError.self) { try session.bindBlocking(reference, to: .host(memory)) }
    }
    let request = RunRequest(bindings: ["past": 0], outputs: [])
    _ = try session.runBlocking(request)
    #expect(try y.values == step.expected(rows: 3))
    // Too small, or of another shape than the run's: only a run knows.
    let small = HostMemory(UnsafeMutableRawBufferPointer(rebasing: y.bytes.prefix(92)))
    try session.bindBlocking(.output("y"), to: .host(small))
    var error = #expect(throws: ExecutionError.self) { try session.runBlocking(request) }
    #expect(error?.description.hasSuffix("f32[3, 8], 96 bytes, the memory bound to it is 92 bytes") == true)
    let far = HostMemory(y.bytes, layout: TensorLayout(strides: [9, 1]))
    try session.bindBlocking(.output("y"), to: .host(far))
    error = #expect(throws: ExecutionError.self) { try session.runBlocking(request) }
    #expect(error?.description.hasSuffix("f32[3, 8], 104 bytes, the memory bound to it is 96 bytes") == true)
    try session.bindBlocking(.output("y"), to: .host(HostMemory(y.bytes, shape: [2, 8])))
    #expect(throws: ExecutionError.self) { try session.runBlocking(request) }
    // A request's tensor does not go into the caller's memory.
    #expect(throws: ExecutionError.self) {
      try session.runBlocking(RunRequest(inputs: ["x": .counting([3, 8])], bindings: ["past": 0]))
    }
    // A read-only input is only read.
    try session.bindBlocking(.output("y"), to: nil)
    try session.bindBlocking(.input("x"), to: .host(HostMemory(x.bytes, shape: [3, 8], isReadOnly: true)))
    #expect(try session.runBlocking(RunRequest(bindings: ["past": 0]))["y"]?.floats() == step.expected(rows: 3))
  }

  @Test(arguments: TestDevices.all)
  func `bytes written stay, bytes are read, and a step is repeated without a look-up`(device: Device) throws {
    let session = try session(device)
    #expect(throws: ExecutionError.self) { try session.runBlocking(RunRequest(bindings: ["n": 2, "past": 0])) }
    var x = try Tensor.counting([2, 8])
    try x.bytes.withUnsafeBytes { try session.writeBlocking($0, to: .input("x")) }
    _ = try session.runBlocking(RunRequest(bindings: ["n": 2, "past": 1], outputs: []))
    var y = [Float](repeating: 0, count: 16)
    func read() throws { try y.withUnsafeMutableBytes { try session.readBlocking($0, from: .output("y")) } }
    try read()
    #expect(try y == step.expected(rows: 2))
    #expect(try session.memoryBlocking(of: .output("y")).shape == [2, 8])
    x = try .counting([2, 8], from: 6)
    try x.bytes.withUnsafeBytes { try session.writeBlocking($0, to: .input("x")) }
    // Writing forgets the step: what a place holds may have changed.
    _ = try session.runBlocking(RunRequest(bindings: ["n": 2, "past": 1], outputs: []))
    let allocations = session.executable.runtime.allocationCount
    for _ in 0..<10 { try session.runAgainBlocking() }
    #expect(session.executable.runtime.allocationCount == allocations)
    try read()
    #expect(try y == step.expected(rows: 2, from: 6))
    // Something else bound: the same symbols, and what the last run made is still there.
    let other = Floats(16)
    other.values = try Tensor.counting([2, 8], from: 2).floats()
    try session.bindBlocking(.input("x"), to: .host(HostMemory(other.bytes)))
    #expect(try session.memoryBlocking(of: .output("y")).shape == [2, 8])
    try session.runAgainBlocking()
    try read()
    #expect(try y == step.expected(rows: 2, from: 2))
    #expect(throws: ExecutionError.deadlineExceeded) {
      try session.runAgainBlocking(deadline: .now - .seconds(1), cancellation: nil)
    }
    let cancellation = RunCancellation()
    cancellation.cancel()
    #expect(throws: CancellationError.self) { try session.runAgainBlocking(deadline: nil, cancellation: cancellation) }
    cancellation.reset()
    try session.runAgainBlocking(deadline: nil, cancellation: cancellation)
  }

  @Test(arguments: TestDevices.all)
  func `a device's read-only memory is not written, and a profiled step waits for its queue`(device: Device) throws {
    let backend = try backend(device)
    let executable = try backend.compileBlocking(step.graph, constants: step.constants)
    let owner = try CommandQueue(context: backend.context)
    let queue = try CommandQueue(adopting: owner.handle, context: backend.context)
    let session = try executable.makeSession(["capacity": 6], on: queue)
    let x = try Buffer(context: backend.context, byteCount: 64)
    try session.bindBlocking(.input("x"), to: .device(x, shape: [2, 8], isReadOnly: true))
    let value = try Tensor.counting([2, 8], from: 4)
    #expect(throws: ExecutionError.self) {
      try value.bytes.withUnsafeBytes { try session.writeBlocking($0, to: .input("x")) }
    }
    // Much work of the owner's, and then the input.
    let busy = try Buffer(context: backend.context, byteCount: 32 << 20)
    for _ in 0..<20 { try owner.fill(busy, pattern: [1]) }
    try value.bytes.withUnsafeBytes { _ = try owner.write($0, to: x, blocking: false) }
    let result = try withExtendedLifetime(value) { try session.profileBlocking(RunRequest(bindings: ["past": 0])) }
    #expect(try result.outputs["y"]?.floats() == step.expected(rows: 2, from: 4))
    try owner.finish()
  }
}
