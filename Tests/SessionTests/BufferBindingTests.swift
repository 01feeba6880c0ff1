import Heddle
import TestSupport
import Testing

@testable import HeddleExecution

@Suite struct BufferBindingTests {
  private let step: StepGraph

  init() throws { step = try StepGraph() }

  private func session(_ device: Device) async throws -> (DeviceSession, Context, CommandQueue) {
    let backend = try backend(device)
    let executable = try await backend.compile(step.graph, constants: step.constants, options: nil)
    let context = backend.context
    return (try executable.makeDeviceSession(["capacity": 6]), context, try CommandQueue(context: context))
  }

  @Test(arguments: TestDevices.all)
  func `an input, an output and a state of the caller's, then the session's own again`(device: Device) async throws {
    let (session, context, queue) = try await session(device)
    let x = try Tensor.counting([2, 8], from: 5)
    let alignment = max(128, device.profile.memBaseAddressAlignmentBytes)
    // The input lies in the middle of a larger buffer.
    let pool = try Buffer(context: context, byteCount: alignment + 2 * 32 + 64)
    try queue.fill(pool, pattern: [0xFF])
    let input = try pool.subBuffer(offset: alignment, byteCount: 64)
    try queue.write(try x.floats(), to: input)
    let output = try Buffer(context: context, byteCount: 2 * 32 + 32)
    let state = try Buffer(context: context, byteCount: 6 * 32 + 32)
    for buffer in [output, state] { try queue.fill(buffer, pattern: [0x11]) }
    try queue.finish()
    try await session.bind(.input("x"), to: .device(input))
    try await session.bind(.output("y"), to: .device(output))
    try await session.bind(.state("cache"), to: .device(state))
    try await session.reset()
    let cleared = try queue.read(UInt8.self, from: state)
    #expect(cleared.prefix(6 * 32).allSatisfy { $0 == 0 })
    #expect(cleared.suffix(32).allSatisfy { $0 == 0x11 }, "what lies behind the state is the caller's")
    let bindings: Bindings = ["n": 2, "past": 3]
    #expect(try await session.run(RunRequest(bindings: bindings)).keys.sorted() == ["next"])
    #expect(try queue.read(Float.self, from: output, count: 16) == step.expected(rows: 2, from: 5))
    #expect(try queue.read(UInt8.self, from: output, offset: 64) == Array(repeating: 0x11, count: 32))
    let rows = try queue.read(Float.self, from: state, count: 48)
    #expect(try Array(rows[24..<40]) == x.floats() && rows.prefix(24).allSatisfy { $0 == 0 })
    // By name a bound output is read too; a tensor for a bound input is written into it.
    var named = RunRequest(inputs: ["x": try .counting([2, 8], from: 9)], bindings: bindings)
    named.outputs = ["y"]
    #expect(try await session.run(named)["y"]?.floats() == step.expected(rows: 2, from: 9))
    #expect(try queue.read(Float.self, from: input, count: 16) == Tensor.counting([2, 8], from: 9).floats())
    // Unbound, the session is as it was made.
    for place in [TensorPlace.input("x"), .output("y"), .state("cache")] { try await session.bind(place, to: nil) }
    await #expect(throws: ExecutionError.self) { try await session.run(RunRequest(bindings: bindings)) }
    let own = try await session.run(step.request(rows: 1, past: 0))
    #expect(try own["y"]?.floats() == step.expected(rows: 1))
    #expect(try own["next"]?.floats().dropFirst(8).allSatisfy { $0 == 0 } == true)
  }

  /// Page-aligned host memory that lives as long as something holds it.
  private final class HostMemory: @unchecked Sendable {
    let bytes: UnsafeMutableRawBufferPointer
    init(_ count: Int) { bytes = .allocate(byteCount: count, alignment: 4096) }
    deinit { bytes.deallocate() }
  }

  @Test(arguments: TestDevices.all)
  func `host memory is read and written in place`(device: Device) async throws {
    let (session, context, queue) = try await session(device)
    let (source, target) = (HostMemory(4096), HostMemory(4096))
    let x = try Tensor.counting([3, 8])
    source.bytes.copyBytes(from: x.bytes)
    let input = try Buffer.wrapping(source.bytes, owner: source, context: context, access: .readOnly)
    let output = try Buffer.wrapping(target.bytes, owner: target, context: context)
    try await session.bind(.input("x"), to: .device(input))
    try await session.bind(.output("y"), to: .device(output))
    _ = try await session.run(RunRequest(bindings: ["n": 3, "past": 0]))
    #expect(try queue.read(Float.self, from: output, count: 24) == step.expected(rows: 3))
  }

  @Test(arguments: TestDevices.all)
  func `buffers that cannot be bound are typed errors`(device: Device) async throws {
    let (session, context, _) = try await session(device)
    let small = try Buffer(context: context, byteCount: 40)
    for (place, bytes) in [(TensorPlace.input("x"), 64), (.output("y"), 64), (.state("cache"), 192)] {
      try await session.bind(place, to: .device(small))
      let error = await #expect(throws: ExecutionError.self) {
        try await session.run(RunRequest(inputs: ["x": .counting([2, 8])], bindings: ["n": 2, "past": 0]))
      }
      #expect(error?.description.hasSuffix("\(bytes) bytes, the memory bound to it is 40 bytes") == true)
      try await session.bind(place, to: nil)
    }
    // One row fits.
    try await session.bind(.input("x"), to: .device(small))
    _ = try await session.run(RunRequest(bindings: ["n": 1, "past": 0]))
    try await session.bind(.input("x"), to: nil)

    let foreign = try Buffer(context: Context(device: device), byteCount: 4096)
    let error = await #expect(throws: OpenCLError.self) { try await session.bind(.input("x"), to: .device(foreign)) }
    #expect(error?.description.contains("another OpenCL context") == true)
    let unknown: [TensorPlace] = [.input("q"), .output("x"), .state("y"), .output("")]
    for place in unknown {
      await #expect(throws: ExecutionError.self) { try await session.bind(place, to: .device(small)) }
    }
    let readOnly = try Buffer(context: context, byteCount: 4096, access: .readOnly)
    let writeOnly = try Buffer(context: context, byteCount: 4096, access: .writeOnly)
    let wrong = [(TensorPlace.output("y"), readOnly), (.state("cache"), readOnly), (.input("x"), writeOnly)]
    for (place, buffer) in wrong {
      let error = await #expect(throws: ExecutionError.self) { try await session.bind(place, to: .device(buffer)) }
      #expect(error?.description.contains("and the memory bound to it is") == true)
    }
    #expect(try await session.run(step.request(rows: 2, past: 0))["y"]?.floats() == step.expected(rows: 2))
  }
}
