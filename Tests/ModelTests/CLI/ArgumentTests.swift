import Foundation
import Heddle
import TestSupport
import Testing

/// Whatever an argument or an input holds arrives as it is, or is refused.
@Suite(.serialized) struct ArgumentTests {
  private let model: String

  init() throws { model = try HeddleTool.model("arguments.gguf") }

  private func promptIDs(_ result: HeddleTool.Result) throws -> [Int] {
    #expect(result.status == 0 && result.exited, "\(result)")
    let object = try JSONSerialization.jsonObject(with: result.output) as? [String: Any]
    return try #require(object?["prompt_ids"] as? [Int])
  }

  private func expected(_ prompt: String) throws -> [Int] {
    try Tokenizer(Synthetic.description).encode(prompt, parseSpecial: true)
  }

  private func logits(_ arguments: [String], input: String? = nil) async throws -> HeddleTool.Result {
    try await HeddleTool.run(
      ["logits", "--model", model, "--json"] + arguments, input: input.map { Data($0.utf8) })
  }

  @Test(
    arguments: [
      "\u{301}x", "\u{338}", "-5 is", "--", "---", "--chat", "-p", "--json", "=\u{301}c", "--model=x",
    ]) func `a prompt of any text`(_ prompt: String) async throws
  {
    let ids = try expected(prompt)
    #expect(try promptIDs(await logits(["\(prompt.first == "-" ? "-p" : "--prompt")=\(prompt)"])) == ids)
    // What is an option of the command needs the `=`; what is one of another command does not.
    let separate = try await logits(["--prompt", prompt])
    if ["-p", "--json", "--model=x"].contains(prompt) {
      #expect(separate.isMisuse("--prompt='\(prompt)'"), "\(separate)")
    } else {
      #expect(try promptIDs(separate) == ids)
    }
  }

  @Test func `what an option is given is what an error shows`() async throws {
    let mark = "\u{301}/none"
    for arguments in [
      ["generate", "--prompt", "x", "--model", mark], ["generate", "--model", model, "--prompt-file", mark],
      ["generate", "--model", model, "--prompt", "x", "--trace", mark],
      ["generate", "--model", model, "--prompt", "x", "--tuning", mark],
      ["generate", "--model", model, "--prompt", "x", "--device", mark],
      ["perplexity", "--model", model, "--text", mark], ["tune", "--matmul", "1x4x4", "--values", mark],
      ["tune", "--matmul", "1x4x4", "--output", mark], ["tune", "--model", mark],
      ["tensor", model, "blk.0.attn_q.weight", "--output", mark],
      ["prune", model, "/dev/null", "--pattern", "2:4", "--keep", mark],
    ] {
      let result = try await HeddleTool.run(arguments)
      #expect(result.isFailure("/none") && !result.error.contains("u{0}"), "\(arguments): \(result)")
    }
  }

  @Test func `a prompt from a file, a pipe or standard input`() async throws {
    let text = "the cat\nsat"
    let ids = try expected(text)
    let file = try HeddleTool.temporaryFile("prompt.txt")
    // One end of a line is the editor's.
    for (content, ids) in [(text, ids), ("\(text)\n", ids), ("\(text)\n\n", try expected("\(text)\n"))] {
      try Data(content.utf8).write(to: file)
      #expect(try promptIDs(await logits(["--prompt-file", file.path])) == ids)
      for name in ["-", "/dev/stdin"] { #expect(try promptIDs(await logits(["-f", name], input: content)) == ids) }
    }
    let piped = try await HeddleTool.shell(
      "\"$0\" logits --model \"$1\" --json --prompt-file <(printf 'the cat\\nsat\\n')", model)
    #expect(try promptIDs(piped) == ids)
  }

  @Test(arguments: [
    ("/nonexistent", "no such file"), ("/tmp", "directory"), ("/dev/zero", "64 MiB"),
  ])
  func `a prompt that cannot be read`(_ path: String, _ words: String) async throws {
    let result = try await logits(["--prompt-file", path])
    #expect(result.isFailure("cannot be read", words), "\(result)")
  }

  @Test func `texts and decisions from pipes`() async throws {
    let text = String(repeating: "the cat sat on the mat ", count: 20)
    for name in ["-", "/dev/stdin"] {
      let result = try await HeddleTool.run(
        ["perplexity", "--model", model, "-f", name, "-c", "8"], input: Data(text.utf8))
      #expect(result.status == 0, "\(result)")
    }
    let result = try await HeddleTool.shell(
      """
      decisions=$("$0" tune --matmul 2...16x64x80 --rounds 5 --output - 2>/dev/null)
      "$0" logits --model "$1" -p the --json --tuning <(printf %s "$decisions")
      """, model)
    #expect(try promptIDs(result) == expected("the"))
  }

  @Test(arguments: ["generate --model \"$1\" --prompt", "inspect", "tensor \"$1\" x --output"])
  func `bytes that are not UTF-8`(_ command: String) async throws {
    let result = try await HeddleTool.shell("exec \"$0\" \(command) $'caf\\xe9'", model)
    #expect(result.isMisuse("not valid UTF-8 at byte 3"), "\(result)")
  }

  @Test func `the spellings of other tools`() async throws {
    func run(_ arguments: String...) async throws -> [String: Any] {
      let result = try await HeddleTool.run(["generate", "--json"] + arguments)
      #expect(result.status == 0, "\(result)")
      return try #require(try JSONSerialization.jsonObject(with: result.output) as? [String: Any])
    }
    let ours = try await run("--model", model, "--prompt", "the cat", "--max-tokens", "4", "--context", "64")
    let theirs = try await run("-m", model, "-p", "the cat", "-n", "4", "-c", "64", "--temp", "0")
    #expect(ours["token_ids"] as? [Int] == theirs["token_ids"] as? [Int])
    // What turns an option off is no wish to sample.
    let off = try await run(
      "-m", model, "-p", "the cat", "--n-predict", "4", "--ctx-size", "64", "--top-k", "0", "--top-p", "1", "-s", "-1")
    #expect(ours["token_ids"] as? [Int] == off["token_ids"] as? [Int])
    let sampled = try await run("-m", model, "-p", "x", "-n", "4", "--temp", "1", "--top-k", "0", "--seed", "-1")
    #expect(try #require(sampled["token_ids"] as? [Int]).count <= 4)
    let all = try await run("-m", model, "-p", "the cat", "-n", "-1")
    #expect(try #require(all["token_ids"] as? [Int]).count > 4 || all["finish_reason"] as? String == "end_of_text")
  }
}
