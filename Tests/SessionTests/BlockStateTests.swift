import Heddle
import TestSupport
import Testing

@testable import HeddleExecution

/// States in blocks of values.
@Suite struct BlockStateTests {
  /// A session of a state of four blocks, after a run that wrote two of them, and what the run wrote.
  private func session(_ device: Device) throws -> (DeviceSession, RunRequest) {
    let builder = GraphBuilder()
    let past = try builder.symbol("past", in: 0...4)
    let x = try builder.input("x", .float32, [1, 64])
    let cache = try builder.state("cache", .q8_0, [2, 64])
    try builder.update(state: "cache", to: builder.writeRows(x, to: cache, at: past))
    let executable = try backend(device).compileBlocking(builder.build(outputs: ["x": x]), constants: ConstantStore())
    let request = RunRequest(
      inputs: ["x": try Tensor((0..<64).map { Float($0 - 20) }, shape: [1, 64])], bindings: ["past": 1])
    return (try executable.makeDeviceSession([:]), request)
  }

  @Test(arguments: TestDevices.all)
  func `a state in blocks is reset, in the session's memory and in the host's, and nothing beside it`(
    device: Device
  ) throws {
    let (session, request) = try session(device)
    let size = 4 * 34
    _ = try session.runBlocking(request)
    func cache() throws -> [UInt8] {
      var bytes = [UInt8](repeating: 0xAA, count: size)
      try bytes.withUnsafeMutableBytes { try session.readBlocking($0, from: .state("cache")) }
      return bytes
    }
    let own = try cache()
    #expect(own[..<68].allSatisfy { $0 == 0 } && own[68] != 0)
    for distance in [0, 2, 3] {
      let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 65_536, alignment: 4096)
      defer { memory.deallocate() }
      memory.initializeMemory(as: UInt8.self, repeating: 0x5A)
      let bytes = UnsafeMutableRawBufferPointer(rebasing: memory[4096 + distance..<4096 + distance + size])
      try session.bindBlocking(.state("cache"), to: .host(HostMemory(bytes)))
      _ = try session.runBlocking(request)
      #expect(Array(bytes[68...]) == Array(own[68...]), "at \(distance)")
      #expect(bytes[..<68].allSatisfy { $0 == 0x5A })
      try session.resetBlocking()
      #expect(bytes.allSatisfy { $0 == 0 })
      #expect(memory[..<(4096 + distance)].allSatisfy { $0 == 0x5A })
      #expect(memory[(4096 + distance + size)...].allSatisfy { $0 == 0x5A })
      try session.bindBlocking(.state("cache"), to: nil)
    }
    _ = try session.runBlocking(request)
    try session.resetBlocking()
    #expect(try cache().allSatisfy { $0 == 0 })
  }
}
