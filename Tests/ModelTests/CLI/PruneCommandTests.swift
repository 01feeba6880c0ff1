import Foundation
import Heddle
import TestSupport
import Testing

/// `heddle prune`, each run a process of its own.
@Suite(.serialized) struct PruneCommandTests {
  private func object(_ result: HeddleTool.Result) throws -> [String: Any] {
    #expect(result.status == 0 && result.error == "", "\(result.error)")
    return try #require(try JSONSerialization.jsonObject(with: result.output) as? [String: Any])
  }

  @Test func `sparse matrices are no GGUF`() async throws {
    let output = try HeddleTool.temporaryFile("pruned.gguf").path
    let result = try await HeddleTool.run("prune", try HeddleTool.model("dense.gguf"), output, "--pattern", "2:4")
    #expect(result.isFailure(output, ".safetensors"), "\(result)")
    #expect(!FileManager.default.fileExists(atPath: output))
  }

  @Test func `the written model runs`() async throws {
    let (model, output) = (try HeddleTool.model("dense.gguf"), try HeddleTool.temporaryFile("nested.safetensors").path)
    let report = try object(
      await HeddleTool.run(
        "prune", model, output, "--pattern", "nvw16:32", "--keep", "*attn_v*", "--keep", "blk.1.ffn_down.*", "--json"))
    let tensors = try #require(report["tensors"] as? [[String: Any]])
    #expect(report["pattern"] as? String == "nvw16:32" && tensors.count == 20)
    let pruned = tensors.filter { $0["kept_magnitude"] != nil }
    #expect(pruned.count == 11)
    for tensor in pruned {
      #expect(tensor["before"] as? String == "Q4_1" && tensor["after"] as? String == "nvw16:32-int4", "\(tensor)")
      #expect((0.5..<1).contains(try #require(tensor["kept_magnitude"] as? Double)))
    }
    let asked = tensors.filter { ($0["reason"] as? String)?.hasPrefix("kept as") == true }.compactMap {
      $0["name"] as? String
    }
    #expect(asked.sorted() == ["blk.0.attn_v.weight", "blk.1.attn_v.weight", "blk.1.ffn_down.weight"])
    let total = try #require(report["byte_count_after"] as? Int)
    #expect(tensors.compactMap { $0["byte_count_after"] as? Int }.reduce(0, +) == total)
    let inspected = try await HeddleTool.run("inspect", output).text
    #expect(inspected.contains("nvw16:32-int4: 11 tensors"))
    let generate = ["generate", "--model", output, "--prompt", "the cat", "--max-tokens", "2"]
    for density in [["--density", "4"], ["--density", "4-16"]] {
      let result = try await HeddleTool.run(generate + density)
      #expect(result.status == 0, "\(result.error)")
    }
    #expect(try await HeddleTool.run(generate + ["--density", "17"]).isFailure("density is 17", "1...16"))
  }

  @Test func `a table says what was done`() async throws {
    let (model, output) = (try HeddleTool.model("table.gguf"), try HeddleTool.temporaryFile("table.safetensors").path)
    try Data("old".utf8).write(to: URL(fileURLWithPath: output))
    let result = try await HeddleTool.run(
      "prune", model, output, "--pattern", "8:32", "--values", "f16", "--order-rows")
    #expect(result.status == 0 && result.error == "", "\(result.error)")
    #expect(result.text.contains("blk.0.ffn_up.weight Q4_1 → vw8:32-f16[96, 64] keeps "))
    #expect(result.text.contains("ordered channels: the feed-forward keeps "))
    #expect(result.text.contains("\n6 as they are: not what is pruned\n") && result.text.contains("\nvw8:32: keeps "))
    #expect(try ModelFile(path: output).info("blk.1.attn_k.weight").encoding?.name == "vw8:32-f16")
  }

  @Test func `a ratio takes what was measured`() async throws {
    let (model, output) = (try HeddleTool.model("ratio.gguf"), try HeddleTool.temporaryFile("ratio.safetensors").path)
    let report = try object(
      await HeddleTool.run("prune", model, output, "--ratio", "0.9", "--values", "f32", "--json"))
    let measured = try #require(report["measured"] as? [String: Any])
    let rows = try #require(measured["rows"] as? [[String: Any]])
    #expect(rows.first?["pattern"] as? String == report["pattern"] as? String)
    // Four shapes of the model's matrices; gate and up of both blocks are the most, and the largest.
    #expect(measured["inputs"] as? Int == 64 && measured["outputs"] as? Int == 96)
    // Down has 96 inputs: no span of 64 suits all.
    for row in rows {
      #expect(try #require(row["ratio"] as? Double) >= 0.9)
      #expect((row["pattern"] as? String)?.contains("64") == false)
    }
    let tensors = try #require(report["tensors"] as? [[String: Any]])
    #expect(tensors.filter { $0["kept_magnitude"] != nil }.count == 14)
  }

  @Test func `what cannot be is one line`() async throws {
    let (model, output) = (try HeddleTool.model("wrong.gguf"), try HeddleTool.temporaryFile("wrong.safetensors").path)
    for (arguments, words) in [
      ([model, output], "--pattern and --ratio"),
      ([model, output, "--pattern", "2:4", "--ratio", "0.5"], "got both"),
      ([model, output, "--pattern", "2:4:8"], "2:4:8"),
      ([model, output, "--ratio", "1"], "--ratio is 1"),
      ([model, output, "--pattern", "2:4", "--values", "q4_0"], "q4_0"),
    ] {
      let result = try await HeddleTool.run(["prune"] + arguments)
      #expect(result.isMisuse(words), "\(arguments): \(result)")
    }
    for (arguments, words) in [
      ([model, output, "--pattern", "2:4", "--keep", "attn_q"], "attn_q"),
      ([model, output, "--pattern", "2:4", "--order-rows"], "vector-wise"),
      ([model, output, "--pattern", "channels@50", "--values", "int4"], "int4"),
      ([model, output, "--pattern", "2:4", "--device", "Quantum"], "Quantum"),
      ([model, model, "--pattern", "2:4"], "is the model itself"),
      ([model, "/nonexistent/x", "--pattern", "2:4"], "/nonexistent/x"),
      (["\(model).none", output, "--pattern", "2:4"], "no such file"),
    ] {
      let result = try await HeddleTool.run(["prune"] + arguments)
      #expect(result.isFailure(words), "\(arguments): \(result)")
    }
    #expect(!FileManager.default.fileExists(atPath: output))
  }
}
