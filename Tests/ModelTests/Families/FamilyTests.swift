import Foundation
import Heddle
import TestSupport
import Testing

/// A small model of each family with random weights against transformers' own logits (`Resources/families/make.py`).
@Suite struct FamilyTests {
  struct Fixture: Decodable {
    var prompt: [Int]
    var decoded: [Int]
    /// Of each position of prompt and decoded tokens.
    var logits: [[Float]]
  }

  static let families = ModelSupport.architectures

  private func file(_ family: String) throws -> ModelFile {
    let url = Bundle.module.bundleURL.appendingPathComponent("Resources/families/\(family).gguf")
    return try ModelFile(path: url.path)
  }

  @Test(arguments: TestDevices.all, families)
  func equalsTransformers(_ device: Device, _ family: String) async throws {
    let fixture: Fixture = try resource("families/\(family)")
    let model = try await LanguageModel.open(
      file: file(family), backend: TestBackends.backend(device), options: ModelOptions(chunk: 16, allLogits: true))
    #expect(model.configuration.architecture == family)
    let session = try model.makeSession(capacity: 32)
    func compare(_ outputs: NameTable<Tensor>, _ rows: Range<Int>) throws {
      let got = try #require(outputs["all_logits"]).floats()
      let expected = fixture.logits[rows].flatMap { $0 }
      #expect(got.count == expected.count && (expected.map(abs).max() ?? 0) > 1)
      let error = zip(got, expected).map { abs($0 - $1) }.max() ?? .infinity
      #expect(error < 1e-3, "positions \(rows) on \(device)")
    }
    var position = fixture.prompt.count
    try compare(try await session.step(fixture.prompt, outputs: ["all_logits"]), 0..<position)
    for id in fixture.decoded {
      try compare(try await session.step([id], outputs: ["all_logits"]), position..<position + 1)
      position += 1
    }
    #expect(position == fixture.logits.count)
  }

  /// A model by another family's rules is another model, or its file is refused: no fixture says less than it must.
  @Test func familiesDiffer() async throws {
    var ran: [String] = []
    for family in Self.families {
      let fixture: Fixture = try resource("families/\(family)")
      for other in Self.families where other != family {
        var writer = GGUFWriter()
        let file = try file(family)
        for key in file.metadata.keys {
          guard let value = file.metadata[key] else { continue }
          let name = key.hasPrefix("\(family).") ? other + key.dropFirst(family.count) : key
          try writer.set(name, key == "general.architecture" ? .string(other) : value)
        }
        for tensor in file.tensors { try writer.add(tensor.name, file.tensor(named: tensor.name)) }
        let renamed = try ModelFile(bytes: writer.serialized(), name: "\(family) as \(other)")
        guard let model = try? await LanguageModel.open(file: renamed, backend: ReferenceBackend()) else { continue }
        ran.append("\(family) as \(other)")
        let logits = try await model.makeSession(capacity: 32).logits(after: fixture.prompt)
        let error = zip(logits, fixture.logits[fixture.prompt.count - 1]).map { abs($0 - $1) }.max() ?? 0
        #expect(error > 0.1, "\(family) as \(other)")
      }
    }
    // Its heads turn as neighbours then. The others lack tensors, or have some that nobody asks for.
    #expect(ran.contains("qwen2 as llama"))
  }

  @Test func descriptionsAreData() throws {
    for family in Self.families {
      let description = try DecoderDescription(file(family).metadata)
      let json = try JSONEncoder().encode(description)
      #expect(try JSONDecoder().decode(DecoderDescription.self, from: json) == description)
      #expect("\(description)".hasPrefix("\(family): 2 layers of width 32"))
    }
  }

  @Test func unknownFamilyNamesThoseThatAreKnown() throws {
    var llama = try SyntheticLlama()
    llama.metadata["general.architecture"] = .string("qwen2moe")
    let file = try llama.file()
    let error = #expect(throws: ModelError.self) { _ = try DecoderDescription(file.metadata) }
    #expect(error == .unsupportedArchitecture("qwen2moe", supported: ["llama", "qwen2", "qwen3"]))
  }
}
