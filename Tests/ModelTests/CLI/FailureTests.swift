import Foundation
import Heddle
import Testing

/// Every failure of the tool is one line and exit code 1, or 2 for arguments that are wrong, never a crash.
@Suite(.serialized) struct FailureTests {
  @Test func noDriver() async throws {
    let result = try await HeddleTool.run("devices", environment: ["OCL_ICD_VENDORS": "/nonexistent"])
    #expect(result.isFailure("no OpenCL platform", "pocl-opencl-icd"), "\(result)")
    let json = try await HeddleTool.run("devices", "--json", environment: ["OCL_ICD_VENDORS": "/nonexistent"])
    #expect(json.isFailure("pocl-opencl-icd"), "\(json)")
  }

  @Test func unknownDevice() async throws {
    let model = try DemoModel.file().path
    let arguments = ["generate", "--model", model, "--prompt", "x"]
    let option = try await HeddleTool.run(arguments + ["--device", "Quantum"])
    #expect(option.isFailure("Quantum", "#0"), "\(option)")
    let variable = try await HeddleTool.run(arguments, environment: ["HEDDLE_DEVICE": "Quantum"])
    #expect(variable.isFailure("HEDDLE_DEVICE=Quantum", "#0"), "\(variable)")
    // The list is what helps against a wrong variable, so it is printed all the same.
    let list = try await HeddleTool.run("devices", environment: ["HEDDLE_DEVICE": "Quantum"])
    #expect(list.status == 1 && !list.output.isEmpty, "\(list)")
  }

  @Test(arguments: ["inspect", "graph", "generate", "logits", "perplexity", "tensor", "prune"]) func badFiles(
    _ command: String
  )
    async throws
  {
    let model = try Data(contentsOf: URL(fileURLWithPath: DemoModel.file().path), options: .alwaysMapped)
    let files: [(String, Data?, String)] = [
      ("missing.gguf", nil, "no such file"), ("empty.gguf", Data(), "is empty"),
      ("text.gguf", Data("hello, this is no model".utf8), "neither a GGUF nor a safetensors file"),
      ("header.gguf", model.prefix(20), "truncated"), ("metadata.gguf", model.prefix(100_000), "truncated"),
      ("half.gguf", model.prefix(model.count / 2), "half.gguf"),
    ]
    for (name, bytes, words) in files {
      let url = try HeddleTool.temporaryFile("\(command)-\(name)")
      try bytes?.write(to: url)
      let result = try await HeddleTool.run(arguments(command, url.path))
      #expect(result.isFailure(name, words), "\(result)")
      try? FileManager.default.removeItem(at: url)
    }
    let folder = try HeddleTool.temporaryFile("").path
    #expect(try await HeddleTool.run(arguments(command, folder)).isFailure("a directory"))
  }

  private func arguments(_ command: String, _ path: String) throws -> [String] {
    switch command {
    case "inspect", "graph": [command, path]
    case "tensor": [command, path, "output_norm.weight", "--output", try HeddleTool.temporaryFile("x.f32").path]
    case "prune": [command, path, try HeddleTool.temporaryFile("x.safetensors").path, "--pattern", "2:4"]
    case "perplexity": [command, "--model", path, "--text", PerplexityReference.textURL.path]
    default: [command, "--model", path, "--prompt", "x"]
    }
  }

  @Test(
    arguments: [
      (["--temperature", "-1"], "temperature"), (["--temperature", "nan"], "temperature"),
      (["--temperature", "hot"], "temperature"), (["--top-k", "5"], "--temperature"),
      (["--top-p", "0.5"], "--temperature"), (["--seed", "1"], "--temperature"),
      (["--temperature", "1", "--top-k", "-2"], "topK"), (["--temperature", "1", "--top-p", "0"], "topP"),
      (["--temperature", "1", "--seed", "-2"], "--seed"),
      (["--temperature", "1", "--top-p", "1.5"], "topP"), (["--max-tokens", "0"], "--max-tokens"),
      (["--max-tokens", "-3"], "--max-tokens"), (["--max-tokens", "99999999999999999999"], "max-tokens"),
      (["--chunk", "0"], "--chunk"), (["--chunk", "5000"], "--chunk"), (["--context", "0"], "--context"),
      (["--colour"], "--colour"), (["--prompt-file", "x"], "got both"),
    ]) func badOptions(_ options: [String], _ words: String) async throws
  {
    let path = try DemoModel.file().path
    let result = try await HeddleTool.run(
      ["generate", "--model", path, "--prompt", "The capital of France is"] + options)
    #expect(result.isMisuse(words), "\(result)")
  }

  @Test(arguments: [("999999", "999999"), ("3", "5 tokens")])
  func `a context that the model or the prompt does not suit`(_ context: String, _ words: String) async throws {
    let path = try DemoModel.file().path
    let result = try await HeddleTool.run(
      "generate", "--model", path, "--prompt", "The capital of France is", "--context", context)
    #expect(result.isFailure(words), "\(result)")
  }

  @Test func badUse() async throws {
    let path = try DemoModel.file().path
    #expect(try await HeddleTool.run("dance").isMisuse("dance"))
    #expect(try await HeddleTool.run("generate", "--model", path).isMisuse("prompt"))
    #expect(try await HeddleTool.run("generate", "--model", path, "--prompt", "").isFailure("prompt is empty"))
    #expect(try await HeddleTool.run("logits", "--model", path, "--prompt", "x", "--hidden").isMisuse("--json"))
    #expect(try await HeddleTool.run("graph", path, "--format", "png").isMisuse("png"))
    #expect(try await HeddleTool.run("tensor", path, "nothing", "--output", "-").isFailure("nothing"))
    #expect(
      try await HeddleTool.run("tensor", path, "output_norm.weight", "--output", "/nonexistent/x").isFailure(
        "/nonexistent"))
    let long = String(repeating: "word ", count: 9000)
    #expect(try await HeddleTool.run("logits", "--model", path, "--prompt", long).isFailure("8192", "tokens"))
  }
}
