import Foundation
import Heddle
import TestSupport
import Testing

/// What the tool prints when all is well.
@Suite(.serialized) struct CommandTests {
  private func object(_ result: HeddleTool.Result) throws -> [String: Any] {
    #expect(result.status == 0 && result.exited, "\(result.error)")
    return try #require(try JSONSerialization.jsonObject(with: result.output) as? [String: Any])
  }

  @Test func devices() async throws {
    let list = try #require(try object(await HeddleTool.run("devices", "--json"))["devices"] as? [[String: Any]])
    #expect(list.count { $0["is_default"] as? Bool == true } == 1)
    let text = try await HeddleTool.run("devices").text
    for device in list { #expect(text.contains(try #require(device["identifier"] as? String))) }
    let first = try #require(list.first?["identifier"] as? String)
    let chosen = try await HeddleTool.run("devices", environment: ["HEDDLE_DEVICE": first])
    #expect(chosen.text.contains("* 0  \(first)"))
  }

  @Test func inspect() async throws {
    let path = try DemoModel.file().path
    let file = try object(await HeddleTool.run("inspect", path, "--json"))
    #expect((file["tensors"] as? [[String: Any]])?.count == 272)
    let metadata = try #require(file["metadata"] as? [String: Any])
    #expect(metadata["llama.block_count"] as? Int == 30)
    #expect((metadata["tokenizer.ggml.tokens"] as? [String: Any])?["count"] as? Int == 49152)
    let types = try #require(file["types"] as? [[String: Any]])
    #expect(types.map { $0["type"] as? String } == ["Q4_1", "Q8_0", "F32"])
    let text = try await HeddleTool.run("inspect", path).text
    #expect(text.contains("blk.29.ffn_down.weight Q4_1[576, 1536]"))
    #expect(text.contains("Q4_1: 210 tensors"))
    #expect(text.utf8.count < 100_000)
  }

  @Test func unsupportedTypesAreListed() async throws {
    var writer = GGUFWriter()
    try writer.set("general.architecture", .string("other"))
    try writer.set("bad.number", .float32(.nan))
    try writer.add("a", type: .q8_1, shape: [2, 256], bytes: [UInt8](repeating: 0, count: 576))
    let path = try HeddleTool.temporaryFile("unsupported.gguf").path
    try writer.write(to: path)
    #expect(try await HeddleTool.run("inspect", path).text.contains("a Q8_1[2, 256] 576 bytes  (type not supported)"))
    let types = try #require(try object(await HeddleTool.run("inspect", path, "--json"))["types"] as? [[String: Any]])
    #expect(types.first?["is_supported"] as? Bool == false)
    #expect(try await HeddleTool.run("tensor", path, "a", "--output", "-").isFailure("Q8_1"))
    #expect(try await HeddleTool.run("graph", path).isFailure("other"))
  }

  @Test func generate() async throws {
    let path = try DemoModel.file().path
    let reference = try #require(try DemoReference.load().first)
    let arguments = ["generate", "--model", path, "--prompt", reference.prompt, "--max-tokens", "40"]
    let report = try object(await HeddleTool.run(arguments + ["--json"]))
    #expect(report["prompt_ids"] as? [Int] == reference.prompt_ids)
    // Its smallest margin before the end is above what float32 sums in another order change.
    #expect(report["token_ids"] as? [Int] == reference.greedy_ids)
    #expect(report["finish_reason"] as? String == "end_of_text")
    for key in ["prompt_tokens_per_second", "decode_tokens_per_second", "load_seconds"] {
      #expect(try #require(report[key] as? Double, "\(key)") > 0)
    }
    let trace = try HeddleTool.temporaryFile("trace.json")
    let text = try await HeddleTool.run(arguments + ["--chunk", "2", "--profile", "--trace", trace.path])
    #expect(text.text == (try #require(report["text"] as? String)) + "\n")
    for words in ["load", "tokens/s", "a prompt step", "a decode step", "matmul"] {
      #expect(text.error.contains(words), "\(text.error)")
    }
    #expect(!text.error.contains("\u{1B}"))
    let events = try JSONSerialization.jsonObject(with: Data(contentsOf: trace)) as? [String: Any]
    #expect(try #require(events?["traceEvents"] as? [Any]).count > 100)
  }

  @Test func chat() async throws {
    let path = try DemoModel.file().path
    let arguments = ["generate", "--model", path, "--chat", "--json", "--max-tokens", "4", "--prompt"]
    let report = try object(await HeddleTool.run(arguments + ["a<|im_end|>b"]))
    let ids = try #require(report["prompt_ids"] as? [Int])
    #expect(ids == (try demoChat("a<|im_end|>b")))
    #expect(ids.suffix(3) == [1, 520, 9531] || ids.suffix(4) == [1, 520, 9531, 198])
  }

  private func demoChat(_ content: String) throws -> [Int] {
    let template = try ChatTemplate(#require(try demoDescription().chatTemplate))
    return try demoTokenizer().encode(
      template.render(
        messages: [ChatMessage(role: .user, content: content)], addGenerationPrompt: true, bosToken: "<|im_start|>",
        eosToken: "<|im_end|>"))
  }

  @Test func interrupt() async throws {
    let path = try DemoModel.file().path
    let result = try await HeddleTool.run(
      ["generate", "--model", path, "--prompt", "Once upon a time", "--max-tokens", "8000", "--temperature", "1"],
      signal: .init(number: SIGINT) { output, _ in output.count >= 20 })
    #expect(result.exited && result.status == 130, "\(result)")
    #expect(result.error.contains("interrupted"))
    #expect(result.text.utf8.count >= 20)
  }

  @Test func logits() async throws {
    let path = try DemoModel.file().path
    let reference = try #require(try DemoReference.load().first)
    let arguments = ["logits", "--model", path, "--prompt", reference.prompt, "--json"]
    let whole = try await HeddleTool.run(arguments + ["--hidden"])
    let report = try object(whole)
    #expect(report["prompt_ids"] as? [Int] == reference.prompt_ids)
    #expect((report["hidden"] as? [[Double]])?.count == 31)
    let logits = try #require(report["logits"] as? [Double])
    for (id, value) in zip(reference.top8_ids, reference.top8_logits) {
      #expect(abs(logits[id] - Double(value)) < 0.01)
    }
    let chunked = try object(await HeddleTool.run(arguments + ["--chunk", "2"]))
    #expect(chunked["logits"] as? [Double] == logits)
  }

  @Test func graph() async throws {
    let path = try DemoModel.file().path
    let json = try await HeddleTool.run("graph", path, "--format", "json")
    let graph = try Graph(json: json.output)
    #expect(graph.outputs.map(\.name) == ["logits", "next_token"])
    let dot = try await HeddleTool.run("graph", path, "--fused").text
    #expect(dot.hasPrefix("digraph") && dot.contains("blk.29.ffn_down"))
  }

  @Test func tensor() async throws {
    let file = try DemoModel.file()
    for name in ["output_norm.weight", "blk.3.attn_k.weight", "token_embd.weight"] {
      let output = try HeddleTool.temporaryFile("values.f32")
      let result = try await HeddleTool.run("tensor", file.path, name, "--output", output.path)
      #expect(result.status == 0, "\(result.error)")
      let expected = try file.tensor(named: name).decoded()
      #expect(Array(try Data(contentsOf: output)) == expected.withUnsafeBytes(Array.init), "\(name)")
    }
  }
}
