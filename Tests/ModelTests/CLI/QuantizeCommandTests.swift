import Foundation
import Heddle
import TestSupport
import Testing

/// `heddle quantize` and `heddle importance`, each run a process of its own.
@Suite(.serialized) struct QuantizeCommandTests {
  @Test func importanceAndRules() async throws {
    let (model, text) = (try HeddleTool.model("floats.gguf"), try HeddleTool.temporaryFile("words.txt").path)
    try Data(String(repeating: "the cat sat on the mat. ", count: 20).utf8).write(to: URL(fileURLWithPath: text))
    let matrix = try HeddleTool.temporaryFile("importance.gguf").path
    let measured = try await HeddleTool.run("importance", model, text, "-o", matrix, "--context", "16")
    #expect(measured.status == 0, "\(measured.error)")
    #expect(measured.text.hasPrefix("14 matrices over "), "\(measured.text)")
    let output = try HeddleTool.temporaryFile("small.gguf").path
    let result = try await HeddleTool.run(
      "quantize", model, output, "--type", "Q4_K_M", "--importance", matrix, "--keep", "*attn_v*=F16", "--keep",
      "blk.1.ffn_up.weight", "--json")
    #expect(result.status == 0 && result.error == "", "\(result.error)")
    let report = try #require(try JSONSerialization.jsonObject(with: result.output) as? [String: Any])
    let tensors = try #require(report["tensors"] as? [[String: Any]])
    let file = try ModelFile(path: output)
    for tensor in tensors {
      let name = try #require(tensor["name"] as? String)
      #expect(tensor["after"] as? String == (try file.info(name)).typeName)
      let isMade =
        name.hasPrefix("blk") && !name.contains("norm") && !name.contains("attn_v") && name != "blk.1.ffn_up.weight"
      #expect(tensor["is_weighted"] as? Bool == isMade, "\(name)")
    }
    #expect(report["without_importance"] as? [String] == [])
    let types = try ["blk.0.attn_q.weight", "blk.0.attn_v.weight", "blk.1.ffn_up.weight", "token_embd.weight"].map {
      try file.info($0).typeName
    }
    // Rows of 64 hold no block of 256.
    #expect(types == ["Q5_0", "F16", "Q4_1", "Q8_0"])
    #expect(file.metadata["general.file_type"] == .uint32(15))
  }

  @Test func aTableSaysWhatWasMade() async throws {
    let (model, output) = (try HeddleTool.model("table-types.gguf"), try HeddleTool.temporaryFile("table.gguf").path)
    try Data("old".utf8).write(to: URL(fileURLWithPath: output))
    let result = try await HeddleTool.run("quantize", model, output, "--type", "q6_k")
    #expect(result.status == 0 && result.error == "", "\(result.error)")
    #expect(result.text.contains("Q8_0: 64 inputs are no multiple of 256, as Q6_K needs\n"), "\(result.text)")
    #expect(result.text.contains("F32: not what is quantized\n") && result.text.contains("\nQ6_K: "))
    #expect(result.text.contains(" bits a weight; "))
    #expect(try ModelFile(path: output).info("blk.1.attn_k.weight").typeName == "Q8_0")
  }

  /// Of Heddle's own types OUT is safetensors. One type is enough here; `ModelQuantizationTests` open what is written.
  @Test func ownTypes() async throws {
    let model = try HeddleTool.model("own.gguf")
    let output = try HeddleTool.temporaryFile("own.safetensors").path
    let result = try await HeddleTool.run("quantize", model, output, "--type", "int4-g64")
    #expect(result.status == 0 && result.error == "", "\(result.error)")
    #expect(result.text.contains("\nint4-g64: ") && result.text.contains("int4_g64 12 tensors"), "\(result.text)")
    let wanted = "as int8_g64: 64 inputs are no multiple of 128, as int8_g128 needs"
    #expect(result.text.contains(wanted), "\(result.text)")
    let inspected = try await HeddleTool.run("inspect", output)
    #expect(inspected.status == 0 && inspected.text.contains("int4_g64: 12 tensors"), "\(inspected.text)")
  }

  @Test func mistakes() async throws {
    let model = try HeddleTool.model("mistakes.gguf")
    let output = try HeddleTool.temporaryFile("never.gguf").path
    func run(_ arguments: String...) async throws -> HeddleTool.Result {
      try await HeddleTool.run(["quantize", model, output] + arguments)
    }
    #expect(try await run("--type", "Q4_K_X").isMisuse("Q4_K_X", "Q4_K_M"))
    #expect(try await run().isMisuse("--type"))
    #expect(try await run("--type", "Q4_0", "--keep", "*=Q9").isMisuse("Q9"))
    #expect(try await run("--type", "Q4_0", "--keep", "*=IQ2_S").isFailure("iq2_s", "q4_k"))
    #expect(try await run("--type", "nf4").isFailure("GGUF has no type for", "'blk.0.", "nf4", ".safetensors"))
    #expect(
      try await run("--type", "Q4_0", "--keep", "*attn_q*=INT4-g64").isFailure("int4_g64", "attn_q", ".safetensors"))
    #expect(try await run("--type", "Q4_0", "--keep", "*=q8_dynamic").isFailure("q8_dynamic", "int8_g128"))
    #expect(try await run("--type", "Q4_0", "--keep", "nothing").isFailure("no tensor is called 'nothing'"))
    #expect(try await run("--type", "Q4_0", "--importance", model).isFailure("is no importance matrix"))
    #expect(try await HeddleTool.run("quantize", model, model, "--type", "Q4_0").isFailure("is the model itself"))
    #expect(try await HeddleTool.run("importance", model, model, "-o", output).isFailure("UTF-8"))
    #expect(!FileManager.default.fileExists(atPath: output))
  }
}
