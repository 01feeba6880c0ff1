import Heddle
import TestSupport
import Testing

/// On every device, every decoded weight equals the format's reference bit for bit: the file holds a tensor of each type and
/// what the `gguf` Python package decodes it to.
@Suite struct DequantizeTests {
  static let types = ["f16", "bf16", "q4_0", "q4_1", "q5_0", "q5_1", "q8_0"]

  private static func file() throws -> GGUFFile {
    try GGUFFile(path: TestResources.dequantizeFile)
  }

  private static func graph(_ file: GGUFFile, _ type: String) throws -> (Graph, ConstantStore) {
    let store = try file.constantStore(names: [type])
    let builder = GraphBuilder()
    let y = try builder.encode(builder.constant(ConstantID(type), in: store), as: .float32)
    return (try builder.build(outputs: ["y": y]), store)
  }

  @Test(arguments: TestDevices.all, types)
  func devicesDecodeExactly(device: Device, type: String) async throws {
    let file = try Self.file()
    let (graph, store) = try Self.graph(file, type)
    let session = try await TestBackends.backend(device).compile(graph, constants: store).makeSession([:])
    let got = try #require(try await session.run(RunRequest())["y"])
    #expect(got.bytes == (try file.tensor(named: "\(type).expected").bytes))
  }
}
