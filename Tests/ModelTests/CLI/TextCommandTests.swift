import Foundation
import Heddle
import Testing

/// What the tool says of a prompt, of stop texts and of files that are no whole model.
@Suite(.serialized) struct TextCommandTests {
  private func file(_ name: String, _ change: (inout SyntheticLlama) -> Void) throws -> String {
    var llama = try SyntheticLlama()
    change(&llama)
    var writer = GGUFWriter()
    for (key, value) in llama.metadata { try writer.set(key, value) }
    for (name, tensor) in llama.tensors { try writer.add(name, tensor) }
    let path = try HeddleTool.temporaryFile(name).path
    try writer.write(to: path)
    return path
  }

  @Test func aBeginTokenGivenTwiceIsSaid() async throws {
    let path = try file("begins.gguf") { $0.metadata["tokenizer.ggml.add_bos_token"] = .bool(true) }
    for command in ["generate", "logits"] {
      let twice = try await HeddleTool.run(command, "--model", path, "--prompt", "<|a|>hi")
      #expect(twice.status == 0 && twice.error.contains("warning: the prompt begins with '<|a|>'"), "\(twice)")
      let once = try await HeddleTool.run(command, "--model", path, "--prompt", "hi")
      #expect(once.status == 0 && !once.error.contains("warning"), "\(once)")
    }
  }

  @Test func stopTexts() async throws {
    let path = try file("stops.gguf") { $0.metadata["tokenizer.ggml.eos_token_id"] = nil }
    func run(_ more: String...) async throws -> [String: Any] {
      let arguments = ["generate", "--model", path, "--prompt", "hi", "--json", "--temperature", "2", "--seed", "1"]
      let result = try await HeddleTool.run(arguments + more)
      return try #require(try JSONSerialization.jsonObject(with: result.output) as? [String: Any], "\(result.error)")
    }
    let whole = try #require(try await run()["text"] as? String)
    let letter = try #require(whole.unicodeScalars.dropFirst(3).first { $0.isASCII && $0.properties.isAlphabetic })
    let report = try await run("--stop", "§", "--stop", String(letter))
    let end = try #require(whole.unicodeScalars.firstIndex(of: letter))
    #expect(report["text"] as? String == String(whole.unicodeScalars[..<end]))
    #expect(report["finish_reason"] as? String == "stop_text")
    #expect(try await HeddleTool.run("generate", "--model", path, "--prompt", "hi", "--stop", "").isMisuse("--stop"))
  }

  @Test func aPartOfASplitModel() async throws {
    let path = try file("model-00001-of-00002.gguf") {
      ($0.metadata["split.no"], $0.metadata["split.count"]) = (.uint16(0), .uint16(2))
      $0.tensors["blk.1.ffn_up.weight"] = nil
    }
    for arguments in [
      ["generate", "--model", path, "--prompt", "hi"], ["graph", path],
      ["prune", path, path + ".safetensors", "--pattern", "2:4"],
    ] {
      let result = try await HeddleTool.run(arguments)
      #expect(result.isFailure("model-00002-of-00002.gguf", "is not there", "part 2 of 2"), "\(result)")
    }
    #expect(try await HeddleTool.run("inspect", path).text.contains("split.count = 2 (uint16)"))
  }
}
