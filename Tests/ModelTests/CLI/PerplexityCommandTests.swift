import Foundation
import Heddle
import Testing

/// `heddle perplexity`, each run a process of its own.
@Suite(.serialized) struct PerplexityCommandTests {
  private func run(_ text: String, _ more: String...) async throws -> HeddleTool.Result {
    try await HeddleTool.run(["perplexity", "--model", try DemoModel.file().path, "--text", text] + more)
  }

  private func file(_ name: String, _ bytes: [UInt8]) throws -> String {
    let url = try HeddleTool.temporaryFile(name)
    try Data(bytes).write(to: url)
    return url.path
  }

  @Test func reports() async throws {
    let expected = try #require(try PerplexityReference.load().cases.first { $0.context == 128 })
    let path = PerplexityReference.textURL.path
    let result = try await run(path, "--context", "128", "--json")
    #expect(result.status == 0 && result.exited && result.error == "", "\(result.error)")
    let report = try #require(try JSONSerialization.jsonObject(with: result.output) as? [String: Any])
    // What the library's own test says of the tolerances holds here.
    for (key, value, tolerance) in [
      ("perplexity", expected.perplexity, 1e-4), ("standard_error", expected.standard_error, 1e-3),
      ("mean_negative_log_likelihood", expected.mean, 1e-5),
    ] {
      #expect(abs(try #require(report[key] as? Double, "\(key)") - value) < tolerance * value, "\(key)")
    }
    let overWindows = try #require(report["standard_error_over_windows"] as? Double)
    let means = (0..<4).map { expected.losses[$0 * 63..<($0 + 1) * 63].reduce(0, +) / 63 }
    let variance = means.reduce(0) { $0 + pow($1 - expected.mean, 2) } / 3
    #expect(abs(overWindows / (expected.perplexity * (variance / 4).squareRoot()) - 1) < 1e-3)
    for (key, value) in [
      "context": 128, "windows": expected.windows, "scored_tokens": expected.scored, "text_tokens": 575,
    ] {
      #expect(report[key] as? Int == value, "\(key)")
    }
    for key in ["tokens_per_second", "seconds", "load_seconds"] { #expect(try #require(report[key] as? Double) > 0) }
    let windows = try #require(report["window_mean_negative_log_likelihoods"] as? [Double])
    #expect(windows.count == 4)
    for (got, mean) in zip(windows, means) { #expect(abs(got - mean) < 5e-4) }
    let text = try await run(path, "--context", "128", "--chunk", "100", "--tuning", "off")
    #expect(text.text.hasPrefix(String(format: "perplexity %.4f", expected.perplexity).dropLast()), "\(text)")
    #expect(text.text.contains(String(format: " (over windows ± %.2f", overWindows)), "\(text)")
    #expect(text.text.contains("windows 4") && text.text.contains("tokens scored 252"), "\(text)")
    #expect(text.error.contains("tokens/s") && !text.error.contains("\u{1B}"), "\(text)")
  }

  @Test func badTexts() async throws {
    let missing = try HeddleTool.temporaryFile("no-text.txt").path
    #expect(try await run(missing).isFailure("no-text.txt", "cannot be read"))
    #expect(try await run(HeddleTool.temporaryFile("").path).isFailure("cannot be read", "directory"))
    #expect(try await run(file("empty.txt", [])).isFailure("text is empty"))
    #expect(try await run(file("latin1.txt", Array("caf\u{E9}s ".utf8) + [0xE9, 0x20])).isFailure("UTF-8", "byte 7"))
    #expect(try await run(file("cut.txt", [0x61, 0xF0, 0x9F, 0x98])).isFailure("cut.txt", "UTF-8", "byte 1"))
    #expect(try await run(file("short.txt", Array("A short text.".utf8))).isFailure("tokens", "512"))
  }

  @Test func badOptions() async throws {
    let path = PerplexityReference.textURL.path
    let arguments = ["perplexity", "--model", try DemoModel.file().path, "--text", path]
    for (options, words) in [
      (["--context", "2"], "--context is 2"), (["--context", "-5"], "context"), (["--context", "many"], "context"),
      (["--windows", "0"], "--windows is 0"),
      (["--chunk", "0"], "--chunk"), (["--chunk", "5000"], "--chunk"), (["--prompt", "x"], "prompt"),
    ] {
      let result = try await HeddleTool.run(arguments + options)
      #expect(result.isMisuse(words), "\(result)")
    }
    for (options, words) in [
      (["--device", "Quantum"], "Quantum"), (["--tuning", "/nonexistent"], "/nonexistent"),
    ] {
      let result = try await HeddleTool.run(arguments + options)
      #expect(result.isFailure(words), "\(result)")
    }
    #expect(try await run(path, "--context", "8193").isFailure("8193", "8192"))
    #expect(try await HeddleTool.run("perplexity", "--model", DemoModel.file().path).isMisuse("--text"))
    #expect(try await HeddleTool.run("perplexity", "--text", path).isMisuse("--model"))
  }
}
