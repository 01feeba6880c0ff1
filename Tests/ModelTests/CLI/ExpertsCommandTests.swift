import Foundation
import Heddle
import Testing

/// `heddle experts`, each run a process of its own.
@Suite(.serialized) struct ExpertsCommandTests {
  private func run(_ more: String...) async throws -> HeddleTool.Result {
    let text = try HeddleTool.temporaryFile("experts.txt")
    try Data("A text of some length, of which every token has two experts. ".utf8).write(to: text)
    let folder = FolderFixture.url("deepseek_v3").path
    return try await HeddleTool.run(
      ["experts", "--model", folder, "--text", text.path, "--context", "16", "--tuning", "off"] + more)
  }

  @Test func countsAndChanges() async throws {
    let plain = try await run("--json")
    #expect(plain.status == 0, "\(plain.error)")
    let report = try #require(try JSONSerialization.jsonObject(with: plain.output) as? [String: Any])
    let layers = try #require(report["layers"] as? [[String: Any]])
    let tokens = try #require(report["tokens"] as? Int)
    #expect(layers.count == 1 && layers[0]["layer"] as? Int == 1)
    #expect(try #require(layers[0]["counts"] as? [Int]).reduce(0, +) == 2 * tokens && tokens >= 15)
    let one = try await run("--experts", "1")
    #expect(one.status == 0 && one.text.contains("experts in use") && one.text.contains("perplexity"), "\(one)")
    let training = try HeddleTool.temporaryFile("training.txt")
    try Data("Another text, over which the biases of the gate are moved.".utf8).write(to: training)
    let moved = try await run(
      "--without-bias", "--feedback", training.path, "--rate", "0.1", "--load-epsilon", "2", "--feedback-windows", "1")
    #expect(moved.status == 0 && moved.text.contains("experts in use"), "\(moved)")
    #expect(moved.text.split(separator: "\n").last != plain.text.split(separator: "\n").last)
  }

  @Test func refuses() async throws {
    #expect(try await run("--experts", "3").isFailure("experts", "3"))
    #expect(try await run("--experts", "0").isMisuse("--experts"))
    #expect(try await run("--load-epsilon", "0").isMisuse("--load-epsilon"))
    #expect(try await run("--feedback-windows", "2").isMisuse("--feedback"))
    let text = try HeddleTool.temporaryFile("words.txt")
    try Data("words".utf8).write(to: text)
    let dense = try await HeddleTool.run(
      ["experts", "--model", FolderFixture.url("qwen3").path, "--text", text.path, "--tuning", "off"])
    #expect(dense.isFailure("has no experts"))
  }
}
