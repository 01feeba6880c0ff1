import Foundation
import Heddle
import TestSupport
import Testing

/// Folders that are run: the logits are those of transformers, the ids those of tokenizers.
@Suite struct FolderModelTests {
  /// The families that can be computed; ``FolderConversionTests`` has all.
  static let run = FolderFixture.all.filter(FolderFixture.isRun)

  @Test func someFamiliesAreRun() { #expect(Set(Self.run).isSuperset(of: ["llama", "qwen2", "qwen3"])) }

  @Test(arguments: TestDevices.distinct, run)
  func equalsTransformers(_ device: Device, _ family: String) async throws {
    try await compare(FolderFixture.file(family), family, on: TestBackends.backend(device))
  }

  /// The GGUF file that is written has the order of rows that all its readers expect.
  @Test(arguments: run) func convertedEqualsTransformers(_ family: String) async throws {
    let path = NSTemporaryDirectory() + "heddle-folder-\(UUID().uuidString).gguf"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try await ModelConversion(of: FolderFixture.file(family)).write(to: OutputFile(path: path), as: .gguf)
    try await compare(ModelFile(path: path), family, on: ReferenceBackend())
  }

  private func compare(_ file: ModelFile, _ family: String, on backend: any Backend) async throws {
    let fixture = try FolderFixture.named(family)
    let model = try await LanguageModel.open(
      file: file, backend: backend, options: ModelOptions(chunk: 16, allLogits: true))
    let session = try model.makeSession(capacity: 32)
    let got = try #require(try await session.step(fixture.prompt, outputs: ["all_logits"])["all_logits"]).floats()
    let expected = fixture.logits.prefix(fixture.prompt.count).flatMap { $0 }
    let greatest = expected.map(abs).max() ?? 0
    #expect(got.count == expected.count && greatest > 1)
    #expect((zip(got, expected).map { abs($0 - $1) }.max() ?? .infinity) < 1e-3 * greatest)
  }

  @Test(arguments: run) func idsEqualTokenizers(_ family: String) throws {
    let tokenizer = try Tokenizer(TokenizerDescription(FolderFixture.file(family).metadata))
    for text in try FolderFixture.named(family).texts {
      #expect(tokenizer.encode(text.text, parseSpecial: true) == text.ids, "\(text.text)")
    }
  }
}
