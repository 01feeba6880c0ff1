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

  /// The families that can be computed, be their tokenizer known or not.
  static let computed = FolderFixture.all.filter { family in
    (try? FolderFixture.file(family)).flatMap { try? DecoderModel($0) } != nil
  }

  /// The GGUF file that is written has the order of rows that all its readers expect.
  @Test(arguments: computed) func convertedEqualsTransformers(_ family: String) async throws {
    let path = NSTemporaryDirectory() + "heddle-folder-\(UUID().uuidString).gguf"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let file = try FolderFixture.file(family)
    var conversion = ModelConversion(of: file)
    if (try? Tokenizer(TokenizerDescription(file.metadata))) == nil {
      // Tokens that any tokenizer has: ids are all that is needed here.
      let count = try file.metadata.strings("tokenizer.ggml.tokens").count
      let tokens = ["A", "B", "AB"] + (3..<count).map { "<\($0)>" }
      conversion.set("tokenizer.ggml.model", .string("gpt2"))
      conversion.set("tokenizer.ggml.pre", .string("gpt-2"))
      conversion.set("tokenizer.ggml.tokens", .array(.string(tokens)))
      conversion.set("tokenizer.ggml.merges", .array(.string(["A B"])))
    }
    try await conversion.write(to: OutputFile(path: path), as: .gguf)
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

/// Folders whose weights another tool quantized (`Resources/folders/make_quantized.py`).
@Suite struct QuantizedFolderTests {
  struct Fixture: Decodable {
    var prompt: [Int]
    /// Of each position, with the values that the weights stand for.
    var logits: [[Float]]
  }

  static let methods = [
    "gptq": "uint4_g32", "awq": "uint4_g32", "fp8": "fp8_e4m3_g32", "int8": "uint8_g32", "nf4": "nf4",
  ]

  @Test(arguments: methods.keys.sorted()) func equalsTransformers(_ method: String) async throws {
    let file = try FolderFixture.file("quantized-\(method)")
    let found = try file.info("blk.0.ffn_up.weight")
    #expect(found.shape == [64, 64] && (Self.methods[method].map { found.typeName.contains($0) } ?? false), "\(found)")
    let fixture: Fixture = try resource("folders/quantized-\(method)")
    let model = try await LanguageModel.open(
      file: file, backend: ReferenceBackend(), options: ModelOptions(chunk: 16, allLogits: true))
    let session = try model.makeSession(capacity: 32)
    let got = try #require(try await session.step(fixture.prompt, outputs: ["all_logits"])["all_logits"]).floats()
    let expected = fixture.logits.flatMap { $0 }
    let greatest = expected.map(abs).max() ?? 0
    #expect(got.count == expected.count && greatest > 1)
    #expect((zip(got, expected).map { abs($0 - $1) }.max() ?? .infinity) < 1e-3 * greatest)
  }

  /// Files of other types of weights cannot be had as GGUF without a word which.
  @Test func ownTypesAreNoGGUF() async throws {
    let path = NSTemporaryDirectory() + "heddle-folder-\(UUID().uuidString).gguf"
    await #expect(throws: GGUFError.self) {
      try await ModelConversion(of: FolderFixture.file("quantized-nf4")).write(to: OutputFile(path: path), as: .gguf)
    }
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test func otherBitsAreRefused() throws {
    let folder = try FolderCopy("quantized-gptq")
    try folder.edit("config.json") {
      $0["quantization_config"] = ["quant_method": "gptq", "bits": 3, "group_size": 32]
    }
    guard case .quantized(let error)? = folder.error() else {
      Issue.record("\(String(describing: folder.error()))")
      return
    }
    #expect(error.defect == .unsupportedBits(3))
  }
}
