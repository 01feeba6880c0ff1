import Foundation
import Heddle
import TestSupport
import Testing

/// A model is the same from safetensors as from GGUF.
@Suite(.serialized) struct SafetensorsModelTests {
  /// `body` gets the path of the file, and how often progress was reported.
  private func converted(_ file: ModelFile, _ body: (String, Int) async throws -> Void) async throws {
    let folder = try TestDevices.temporaryDirectory("safetensors")
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("model.gguf").path  // the contents decide, not the name
    var steps = 0
    try await ModelConversion(of: file).write(to: path) { _ in steps += 1 }
    try await body(path, steps)
  }

  @Test func demoModelGivesTheSameBits() async throws {
    let source = try DemoModel.file()
    try await converted(source) { path, steps in
      let file = try ModelFile(path: path)
      #expect(file.format == .safetensors && steps == 272 && file.tensors.count == 272)
      #expect(file.metadata.keys == source.metadata.keys)
      for key in source.metadata.keys { #expect(file.metadata[key] == source.metadata[key]) }
      let device = try DemoModel.device()
      let prompt = Array(1...5)
      func logits(_ model: LanguageModel) async throws -> [UInt32] {
        try await model.makeSession(capacity: 8).logits(after: prompt).map(\.bitPattern)
      }
      let model = try await LanguageModel.open(
        file: file, backend: DemoModel.backend(on: device), options: ModelOptions(hiddenStates: true))
      #expect(try await logits(model) == logits(DemoModel.shared(on: device)))
      #expect(model.promptIDs("The capital") == (try demoTokenizer().encode("The capital", parseSpecial: true)))
    }
  }

  @Test(arguments: SyntheticLlama.Variant.allCases) func everyVariant(_ variant: SyntheticLlama.Variant) async throws {
    let source = try SyntheticLlama(variant).file()
    try await converted(source) { path, _ in
      func logits(_ file: ModelFile) async throws -> [Float] {
        let model = try await LanguageModel.open(file: file, backend: ReferenceBackend())
        return try await model.makeSession(capacity: 4).logits(after: [1, 2, 3])
      }
      let got = try await logits(ModelFile(path: path))
      #expect(try await got == logits(source))
    }
  }

  /// Every command takes the file.
  @Test func commands() async throws {
    let source = try SyntheticLlama().file()
    try await converted(source) { path, _ in
      let inspected = try await HeddleTool.run("inspect", path)
      #expect(inspected.text.hasPrefix("\(path): safetensors, "))
      #expect(inspected.text.contains("blk.0.attn_q.weight q4_1[64, 64] 2560 bytes\n"))
      #expect(inspected.text.contains("llama.block_count = 2 (uint32)"))
      let json = try await HeddleTool.run("inspect", path, "--json").text
      #expect(json.contains(#""format":"safetensors""#) && !json.contains("alignment"))
      #expect(try await HeddleTool.run("graph", path).text.hasPrefix("digraph"))
      let values = try HeddleTool.temporaryFile("safetensors.f32")
      let decoded = try await HeddleTool.run("tensor", path, "blk.0.attn_q.weight", "--output", values.path)
      #expect(decoded.status == 0, "\(decoded.error)")
      let expected = try source.tensor(named: "blk.0.attn_q.weight").decoded()
      #expect(Array(try Data(contentsOf: values)) == expected.withUnsafeBytes(Array.init))
      // What opens a model for `generate` opens it for `logits` too.
      let text = try await HeddleTool.run("generate", "--model", path, "--prompt", "the cat", "--max-tokens", "2")
      #expect(text.status == 0, "\(text.error)")
      let bad = try HeddleTool.temporaryFile("cut.safetensors")
      try Data(contentsOf: URL(fileURLWithPath: path)).dropLast().write(to: bad)
      #expect(try await HeddleTool.run("inspect", bad.path).isFailure("cut.safetensors", "truncated"))
    }
  }
}
