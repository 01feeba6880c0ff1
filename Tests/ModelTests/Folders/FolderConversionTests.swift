import Foundation
import Heddle
import TestSupport
import Testing

/// Model folders beside what llama.cpp's converter makes of them: the same metadata, the same tensors, value by value.
@Suite struct FolderConversionTests {
  /// The folder written as GGUF and read again.
  private func converted(_ family: String) async throws -> ModelFile {
    let path = NSTemporaryDirectory() + "heddle-folder-\(UUID().uuidString).gguf"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try await ModelConversion(of: FolderFixture.file(family)).write(to: OutputFile(path: path), as: .gguf)
    return try ModelFile(path: path, storage: .copied)
  }

  /// Keys that folders say and the converter does not, or the other way round.
  private static let own: Set<String> = [
    // Without it a text of another form would have other tokens.
    "tokenizer.ggml.normalizer.nfc",
    // Of several ends the converter knows one.
    "tokenizer.ggml.eot_token_id", "tokenizer.ggml.add_eos_token", "tokenizer.ggml.add_space_prefix",
    // Left to defaults that a folder may contradict.
    "llama.attention.sliding_window", "gemma.rope.freq_base", "gemma2.rope.freq_base", "stablelm.rope.freq_base",
    "falcon.rope.freq_base", "gptneox.rope.freq_base", "phi2.rope.freq_base", "general.file_type",
  ]

  @Test(arguments: FolderFixture.all) func metadata(_ family: String) async throws {
    let expected = try FolderFixture.named(family).converted.metadata
    let metadata = try await converted(family).metadata
    #expect(metadata["heddle.rotary_pairing"] == nil)
    for (key, value) in expected where !key.hasPrefix("tokenizer.ggml.tok") && key != "tokenizer.ggml.scores" {
      // That of CodeGemma, for every Gemma.
      if family == "gemma", key == "tokenizer.ggml.eot_token_id" { continue }
      // Of every GLM, whatever its files say.
      if family == "glm4", ["tokenizer.ggml.bos_token_id", "tokenizer.ggml.unknown_token_id"].contains(key) {
        continue
      }
      // Of every Nemotron, whatever its files say.
      if family == "nemotron", ["tokenizer.ggml.padding_token_id", "tokenizer.ggml.unknown_token_id"].contains(key) {
        continue
      }
      #expect(metadata[key]?.asFixture == value, "\(key)")
    }
    let more = metadata.keys.filter { expected[$0] == nil && !Self.own.contains($0) }
    #expect(more == [])
  }

  @Test(arguments: FolderFixture.all) func tokens(_ family: String) async throws {
    let expected = try FolderFixture.named(family).converted.metadata
    let metadata = try await converted(family).metadata
    guard case .strings(let tokens)? = expected["tokenizer.ggml.tokens"],
      case .numbers(let kinds)? = expected["tokenizer.ggml.token_type"]
    else { throw CocoaError(.coderInvalidValue) }
    let found = try metadata.strings("tokenizer.ggml.tokens")
    let foundKinds = try metadata.integers("tokenizer.ggml.token_type")
    #expect(found.count == tokens.count && foundKinds.count == tokens.count)
    for (id, token) in tokens.enumerated() where !token.hasPrefix("[PAD") {
      // It adds a token of its own to Qwen's, and takes the unknown token of Phi for a sign.
      if family == "qwen2", token == "<|endoftext|>" { continue }
      if family.hasPrefix("phi3"), token == "<unk>" { continue }
      #expect(Array(found[id].utf8) == Array(token.utf8), "\(id)")
      #expect(foundKinds[id] == Int(kinds[id]), "\(token)")
    }
    guard case .numbers(let scores)? = expected["tokenizer.ggml.scores"] else { return }
    let foundScores = try metadata.floats("tokenizer.ggml.scores")
    for (id, score) in scores.enumerated() where kinds[id] == 1 { #expect(foundScores[id] == score, "\(tokens[id])") }
  }

  @Test(arguments: FolderFixture.all) func tensors(_ family: String) async throws {
    let expected = try FolderFixture.named(family).converted.tensors
    let file = try await converted(family)
    #expect(Set(file.tensors.map(\.name)) == Set(expected.keys))
    for (name, tensor) in expected {
      guard file.contains(name) else { continue }
      #expect(try file.info(name).shape == tensor.shape, "\(name)")
      let values = try file.tensor(named: name).decoded()
      var sums = [0.0, 0.0]
      for (place, value) in values.enumerated() {
        sums[0] += Double(value)
        sums[1] += Double(value) * Double(place * 7919 % 1009)
      }
      for (sum, wanted) in zip(sums, tensor.sums) {
        #expect(abs(sum - wanted) <= 1e-6 * max(1, abs(wanted)), "\(name)")
      }
    }
  }

  /// Numbers of two bytes change places as those of four do.
  @Test func transposedHalves() async throws {
    let folder = try FolderCopy("gpt2")
    let checkpoint = try SafetensorsCheckpoint(path: folder.path)
    var writer = SafetensorsWriter()
    for (tensor, _) in checkpoint.tensors { try writer.add(tensor.name, .bf16, shape: tensor.shape) }
    try await writer.write(to: folder.file("model.safetensors")) { tensor in
      let bytes = try checkpoint.provider(for: tensor.name).withBytes { Array($0) }
      let upper = bytes.indices.filter { $0 % 4 > 1 }.map { bytes[$0] }
      return try Tensor(encoding: .bfloat16, shape: tensor.shape, bytes: upper)
    }
    let (wide, narrow) = (try FolderFixture.file("gpt2"), try ModelFile(path: folder.path))
    #expect(try narrow.info("blk.0.attn_qkv.weight").typeName == "BF16")
    for tensor in wide.tensors {
      let expected = try wide.tensor(named: tensor.name).decoded().map {
        Float(bitPattern: $0.bitPattern & 0xFFFF_0000)
      }
      #expect(try narrow.tensor(named: tensor.name).decoded() == expected, "\(tensor.name)")
    }
  }

  /// What is a matrix in the folder's file is not copied, and vectors are float32, as in GGUF files.
  @Test func matricesStayInTheFile() throws {
    let file = try FolderFixture.file("llama")
    for tensor in file.tensors {
      #expect(tensor.typeName == (tensor.shape.count == 2 ? "BF16" : "F32"), "\(tensor.name)")
      #expect((tensor.offset > 0) == (tensor.shape.count == 2), "\(tensor.name)")
    }
    #expect(try file.metadata.string("heddle.rotary_pairing") == "halves")
    #expect(file.format == .folder)
  }
}
