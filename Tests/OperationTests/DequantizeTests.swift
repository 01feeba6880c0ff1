import Heddle
import TestSupport
import Testing

/// On every device, every decoded weight equals the format's reference bit for bit: the files hold a tensor of each type and
/// what the `gguf` Python package decodes it to, or ggml where the package does not know the type.
@Suite struct DequantizeTests {
  static let types = Encoding.weightsOfGGUF.map(\.name).filter { $0 != "f32" }

  private static func file(with type: String) throws -> GGUFFile {
    let file = try GGUFFile(path: TestResources.dequantizeFile)
    return file.contains(type) ? file : try GGUFFile(path: TestResources.dequantizeByGGMLFile)
  }

  private static func graph(_ file: GGUFFile, _ type: String) throws -> (Graph, ConstantStore) {
    let store = try file.constantStore(names: [type])
    let builder = GraphBuilder()
    let y = try builder.encode(builder.constant(ConstantID(type), in: store), as: .float32)
    return (try builder.build(outputs: ["y": y]), store)
  }

  @Test(arguments: TestDevices.all, types)
  func devicesDecodeExactly(device: Device, type: String) async throws {
    let file = try Self.file(with: type)
    let (graph, store) = try Self.graph(file, type)
    let session = try await TestBackends.backend(device).compile(graph, constants: store).makeSession([:])
    let got = try #require(try await session.run(RunRequest())["y"])
    #expect(got.bytes == (try file.tensor(named: "\(type).expected").bytes))
  }
}
