import Foundation
import HeddleFormats
import HeddleTypes
import Testing

/// Rows of Wq and Wk in the GGUF files that are written of models with the halves of pairs apart.
@Suite struct RotaryPairingTests {
  private static let key = "heddle.rotary_pairing"
  private static let name = "blk.0.attn_q.weight"

  /// A model of two heads of four rows each, whose values are their rows' numbers.
  private func source(_ pairing: GGUFValue) throws -> ModelFile {
    var writer = GGUFWriter()
    try writer.set("general.architecture", .string("llama"))
    try writer.set("llama.attention.head_count", .uint32(2))
    try writer.set(Self.key, pairing)
    try writer.add(Self.name, Tensor((0..<8).map { Float($0) }, shape: [8, 1]))
    return try ModelFile(bytes: writer.serialized())
  }

  private func converted(_ conversion: ModelConversion) async throws -> ModelFile {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("heddle-\(UUID().uuidString).gguf").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try await conversion.write(to: OutputFile(path: path), as: .gguf)
    return try ModelFile(path: path, storage: .copied)
  }

  @Test func halvesBecomeNeighbours() async throws {
    let file = try await converted(ModelConversion(of: source(.string("halves"))))
    #expect(try file.tensor(named: Self.name).floats() == [0, 2, 1, 3, 4, 6, 5, 7])
    #expect(file.metadata[Self.key] == nil)
  }

  /// Rows that are no halves stay, and so does what is said of them.
  @Test(arguments: [GGUFValue.string("interleaved"), .string("thirds"), .uint32(1)])
  func othersStay(_ pairing: GGUFValue) async throws {
    let file = try await converted(ModelConversion(of: source(pairing)))
    #expect(try file.tensor(named: Self.name).floats() == [0, 1, 2, 3, 4, 5, 6, 7])
    #expect(file.metadata[Self.key] == pairing)
  }

  /// A tensor that takes another's place may have another count of heads.
  @Test func replacedRows() async throws {
    var conversion = ModelConversion(of: try source(.string("halves")))
    conversion.set("llama.attention.head_count", .uint32(1))
    try conversion.replace(Self.name, with: .float32, shape: [4, 2]) { _ in
      try Tensor((0..<8).map { Float($0) }, shape: [4, 2])
    }
    let file = try await converted(conversion)
    #expect(try file.tensor(named: Self.name).floats() == [0, 1, 4, 5, 2, 3, 6, 7])
  }
}
