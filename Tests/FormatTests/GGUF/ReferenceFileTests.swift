import Foundation
import HeddleFormats
import TestSupport
import Testing

/// A file made by another implementation: one tensor of 4 rows of 512 in every type, each with its values.
@Suite struct ReferenceFileTests {
  static let types: [GGUFTensorType] = [
    .f16, .q4_0, .q4_1, .q5_0, .q5_1, .q8_0, .q2_K, .q3_K, .q4_K, .q5_K, .q6_K, .iq2_xxs, .iq2_xs, .iq3_xxs, .iq1_s,
    .iq4_nl, .iq3_s, .iq2_s, .iq4_xs, .iq1_m, .bf16, .tq1_0, .tq2_0, .mxfp4, .nvfp4,
  ]

  private func path() throws -> String {
    TestResources.dequantizeFile
  }

  @Test(arguments: [FileStorage.mapped, .copied]) func lists(_ storage: FileStorage) throws {
    let file = try GGUFFile(path: path(), options: .init(storage: storage))
    #expect(file.version == 3 && file.alignment == 32)
    #expect(file.metadata.keys == ["general.architecture"])
    #expect(try file.architecture == "reference")
    #expect(file.tensors.count == 2 * Self.types.count)
    for (index, type) in Self.types.enumerated() {
      let stored = file.tensors[2 * index]
      let expected = file.tensors[2 * index + 1]
      #expect(stored.name == type.name.lowercased() && stored.type == type)
      #expect(expected.name == stored.name + ".expected" && expected.type == .f32)
      #expect(stored.shape == [4, 512] && expected.shape == [4, 512])
      #expect(stored.byteCount == 2048 / type.blockSize * type.blockByteCount)
      #expect(expected.byteCount == 8192)
    }
    #expect(file.tensors.first?.offset == 2560 && file.tensors.last?.offset == 230_592)
    #expect(try file.tensor(named: "q4_0.expected").floats().allSatisfy(\.isFinite))
  }

  @Test(arguments: types) func useOfEachType(_ type: GGUFTensorType) throws {
    let file = try GGUFFile(path: path())
    let name = type.name.lowercased()
    if type.encoding != nil {
      #expect(try file.tensor(named: name).shape == [4, 512])
    } else {
      let error = #expect(throws: GGUFError.self) { try file.tensor(named: name) }
      #expect(error == .unsupportedType(path: file.path, tensor: name, type: type))
      #expect(error?.description.contains("'\(name)' is stored as \(type.name)") == true)
    }
  }
}
