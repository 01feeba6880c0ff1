import Foundation
import Heddle
import Testing

@testable import HeddleModels

/// `heddle tokenize`
@Suite struct TokenizeCommandTests {
  private var model: String { Bundle.module.bundleURL.appendingPathComponent("Resources/tokenizers/llama.gguf").path }

  private func ids(_ text: String, parseSpecial: Bool = true, ends: Bool? = nil) throws -> [Int] {
    try VocabularyTests.tokenizer("llama").encode(text, parseSpecial: parseSpecial, addBOS: ends, addEOS: ends)
  }

  @Test func `a text's ids are printed`() async throws {
    let text = "The <ctl> end"
    let plain = try await HeddleTool.run("tokenize", "--model", model, text).text
    #expect(plain == "\(try ids(text))\n")
    let bare = try await HeddleTool.run("tokenize", "--model", model, "--no-special", "--no-ends", text).text
    #expect(bare == "\(try ids(text, parseSpecial: false, ends: false))\n")
    #expect(plain != bare)
  }

  @Test func `a dash is standard input`() async throws {
    let result = try await HeddleTool.run(["tokenize", "--model", model, "-"], input: Data("a b".utf8))
    #expect(result.text == "\(try ids("a b"))\n")
    let both = try await HeddleTool.run("tokenize", "--model", model, "--lines", "--json", "x")
    #expect(both.status == 2, "\(both)")
  }

  @Test func `each line may be a text of its own`() async throws {
    let lines = try await HeddleTool.run("tokenize", "--model", model, "--lines", "a b\n\nc\n").text
    #expect(lines == [try ids("a b"), try ids(""), try ids("c")].map { "\($0)\n" }.joined())
    let json = try await HeddleTool.run("tokenize", "--model", model, "--json", "--no-ends", #""a\nb""#).text
    #expect(
      json == "{\"ids\":[\(try ids("a\nb", ends: false).map(String.init).joined(separator: ","))],\"text\":\"a\\nb\"}\n"
    )
  }

  @Test func `what is no JSON string is named by its line`() async throws {
    let run = try await HeddleTool.run("tokenize", "--model", model, "--json", "\"a\"\nb")
    #expect(run.isFailure("line 2 is no JSON string"), "\(run)")
  }
}
