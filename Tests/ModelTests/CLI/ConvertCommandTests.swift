import Foundation
import Heddle
import Testing

/// `heddle convert`, and folders as the model of other commands; each run a process of its own.
@Suite(.serialized) struct ConvertCommandTests {
  private let folder = FolderFixture.url("qwen2").path

  @Test func aFolderBecomesAFile() async throws {
    let output = try HeddleTool.temporaryFile("converted.gguf").path
    let result = try await HeddleTool.run("convert", folder, output)
    #expect(result.status == 0 && result.error == "", "\(result.error)")
    #expect(result.text == "gguf: 26 tensors, 47.2 KiB\n", "\(result.text)")
    let file = try ModelFile(path: output)
    #expect(try file.info("blk.0.attn_q.weight").typeName == "F16" && file.metadata["general.file_type"] == .uint32(1))
    let own = try HeddleTool.temporaryFile("converted.safetensors").path
    let json = try await HeddleTool.run("convert", output, own, "--json")
    #expect(json.status == 0 && json.text.contains(#""format":"safetensors""#), "\(json.text) \(json.error)")
    #expect(try ModelFile(path: own).format == .safetensors)
    let texts = try await [folder, output, own].asyncMap { path in
      try await HeddleTool.run("logits", "--model", path, "--prompt", "a heddle", "--json").text
    }
    #expect(texts[0] == texts[1] && texts[1] == texts[2] && texts[0].contains("logits"))
  }

  /// What is written of a folder can be opened, or nothing is.
  @Test func aFolderThatIsNoModelIsRefused() async throws {
    let output = try HeddleTool.temporaryFile("converted-broken.gguf").path
    func failure(_ change: (FolderCopy) async throws -> Void) async throws -> HeddleTool.Result {
      let folder = try FolderCopy("qwen2")
      try await change(folder)
      return try await HeddleTool.run("convert", folder.path, output)
    }
    let missing = try await failure {
      try await $0.rewrite { $0 == "model.layers.1.mlp.up_proj.weight" ? [] : [($0, $1)] }
    }
    #expect(missing.isFailure("'blk.1.ffn_up.weight'"), "\(missing)")
    let epsilon = try await failure { try $0.configure("rms_norm_eps", -1) }
    #expect(epsilon.isFailure("rms_epsilon"), "\(epsilon)")
    #expect(!FileManager.default.fileExists(atPath: output))
    // The weights are sound.
    let template = try await failure { try $0.write("chat_template.jinja", "{% for m in %}x") }
    #expect(template.status == 0 && template.error.hasPrefix("note: conversations with this model"), "\(template)")
    // No model that is known, in another form.
    var other = try SyntheticLlama()
    other.metadata["general.architecture"] = .string("other")
    let (input, copy) = (try HeddleTool.temporaryFile("other.gguf"), try HeddleTool.temporaryFile("other-copy.gguf"))
    try Data(other.serialized()).write(to: input)
    let copied = try await HeddleTool.run("convert", input.path, copy.path)
    #expect(copied.status == 0 && copied.error.hasPrefix("note: Heddle cannot run this model"), "\(copied)")
    // Types of other tools.
    let own = try await HeddleTool.run("convert", FolderFixture.url("quantized-nf4").path, output)
    #expect(own.isFailure(output, "--type", ".safetensors"), "\(own)")
  }

  @Test func aTypeIsMade() async throws {
    let output = try HeddleTool.temporaryFile("converted-q8.gguf").path
    let result = try await HeddleTool.run("convert", folder, output, "--type", "q8_0")
    #expect(result.status == 0 && result.error == "", "\(result.error)")
    #expect(result.text.contains("\nQ8_0: "), "\(result.text)")
    #expect(try ModelFile(path: output).info("blk.0.attn_q.weight").typeName == "Q8_0")
  }

  @Test func theModelStays() async throws {
    let copy = try FolderCopy("qwen2")
    let result = try await HeddleTool.run("convert", copy.path, copy.file("model.safetensors"))
    #expect(result.isFailure("is the model itself"), "\(result)")
    #expect(copy.error() == nil)
  }

  /// All parts of a split model are the model, whichever of them is named.
  @Test func partsStay() async throws {
    let folder = try HeddleTool.temporaryFile("split-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let parts = [1, 2].map { folder.appendingPathComponent("m-0000\($0)-of-00002.gguf") }
    for (number, part) in parts.enumerated() {
      var writer = GGUFWriter()
      try writer.set("split.no", .uint16(UInt16(number)))
      try writer.set("split.count", .uint16(2))
      try writer.add("t\(number)", Tensor([Float(number)], shape: [1]))
      try Data(writer.serialized()).write(to: part)
    }
    for (input, output) in [(parts[0], parts[1]), (parts[1], parts[0]), (parts[0], parts[0])] {
      let result = try await HeddleTool.run("convert", input.path, output.path)
      #expect(result.isFailure("is the model itself"), "\(result)")
    }
    let whole = folder.appendingPathComponent("m-00001-of-00001.gguf")
    #expect(try await HeddleTool.run("convert", parts[1].path, whole.path).status == 0)
    #expect(try ModelFile(path: whole.path).tensors.map(\.name) == ["t0", "t1"])
  }

  /// What only lists does so without a model.
  @Test func inspect() async throws {
    let listed = try await HeddleTool.run("inspect", folder)
    #expect(listed.status == 0 && listed.text.contains(": model folder, ") && listed.error == "", "\(listed.error)")
    #expect(listed.text.contains("blk.0.attn_q.weight F16[32, 32]"))
    let copy = try FolderCopy("qwen2")
    try copy.configure("architectures", ["MambaForCausalLM"])
    let weights = try await HeddleTool.run("inspect", copy.path)
    #expect(weights.status == 0 && weights.text.contains("model.layers.0.self_attn.q_proj.weight F16"))
    #expect(weights.error.hasPrefix("note: only the weights are listed") && weights.error.contains("MambaForCausalLM"))
    #expect(try await HeddleTool.run("generate", "--model", copy.path, "--prompt", "x").isFailure("MambaForCausalLM"))
  }
}

extension Array {
  fileprivate func asyncMap<Result>(_ transform: (Element) async throws -> Result) async rethrows -> [Result] {
    var results: [Result] = []
    for element in self { results.append(try await transform(element)) }
    return results
  }
}
