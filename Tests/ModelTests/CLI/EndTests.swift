import Foundation
import Heddle
import TestSupport
import Testing

/// How commands end that are not let go on, and that nothing they print steers a terminal.
@Suite(.serialized) struct EndTests {
  @Test(
    arguments: [
      ("generate", SIGINT, 130), ("generate", SIGTERM, 143), ("logits", SIGINT, 130), ("perplexity", SIGHUP, 129),
    ] as [(String, Int32, Int32)]) func `a long prompt is left within a moment`(
      _ command: String, _ signal: Int32, _ code: Int32
    ) async throws
  {
    let prompt = try HeddleTool.temporaryFile("long-prompt.txt")
    // A prompt has to fit the model's context, and both take longer than a signal on any machine.
    let words = command == "perplexity" ? 100_000 : 8000
    try Data(String(repeating: "word ", count: words).utf8).write(to: prompt)
    let arguments = [command, "--model", try DemoModel.file().path, "-f", prompt.path]
    for stage in ["progress: ", command == "perplexity" ? "progress: tokens" : "progress: prompt"] {
      let result = try await HeddleTool.run(
        arguments, signal: .init(number: signal) { _, error in error.contains(stage) })
      // The end of a text that was not begun, if there was time for it.
      #expect(result.exited && result.status == code && ["", "\n"].contains(result.text), "\(result)")
      #expect(result.error.contains("interrupted"))
      // The whole takes far longer; the machine may be busy.
      #expect(try #require(result.signalSeconds) < 3)
    }
  }

  @Test func `what was generated stays, with its summary`() async throws {
    let path = try DemoModel.file().path
    let arguments = [
      "generate", "--model", path, "--prompt", "Once upon a time", "--max-tokens", "4000", "--temperature", "1",
    ]
    let trace = try HeddleTool.temporaryFile("interrupted-trace.json")
    let text = try await HeddleTool.run(
      arguments + ["--trace", trace.path], signal: .init(number: SIGTERM) { output, _ in output.count >= 20 })
    #expect(text.exited && text.status == 143 && text.output.count >= 20, "\(text)")
    #expect(text.error.contains("interrupted"), "\(text)")
    // Whole, or not there.
    let written = try? Data(contentsOf: trace)
    #expect(try written.map { try JSONSerialization.jsonObject(with: $0) is [String: Any] } ?? true)
  }

  @Test func `what was held back when it was interrupted is given out`() async throws {
    struct Report: Decodable {
      var text: String
      var token_ids: [Int]
      var finish_reason: String
    }
    let path = try DemoModel.file().path
    func interrupted(_ stop: [String]) async throws -> Report {
      let result = try await HeddleTool.run(
        ["generate", "--model", path, "--prompt", "Once upon a time", "--max-tokens", "-1", "--json"] + stop,
        signal: .init(number: SIGTERM) { _, error in error.contains("progress: tokens") })
      #expect(result.exited && result.status == 143, "\(result)")
      return try JSONDecoder().decode(Report.self, from: result.output)
    }
    let text = try await interrupted([]).text
    let held = try await interrupted(["--stop", text + "§"])
    let tokenizer = try Tokenizer(TokenizerDescription(ModelFile(path: path).metadata))
    #expect(held.finish_reason == "interrupted" && !held.text.isEmpty)
    #expect(try held.text == tokenizer.decode(held.token_ids, skipSpecial: true))
  }

  @Test func `it ends also if nobody reads what it says`() async throws {
    let model = try HeddleTool.model("unread.gguf")
    let full = try HeddleTool.temporaryFile("full.pipe").path
    let silent = try HeddleTool.temporaryFile("unread.pipe").path
    #expect(mkfifo(full, 0o600) == 0 && mkfifo(silent, 0o600) == 0)
    // After a second the line of progress is stuck, with what guards it.
    let result = try await HeddleTool.shell(
      """
      exec 3<>"$2"; dd if=/dev/zero of="$2" oflag=nonblock bs=4096 count=1000 2>/dev/null
      "$0" prune "$1" "$3" --pattern 2:4 2>&3 3>&- & sleep 1.5; kill -TERM $!
      for tenth in {1..50}; do kill -0 $! || break; sleep 0.1; done
      kill -KILL $!; wait $!
      """, model, full, silent)
    #expect(result.status == 128 + SIGTERM, "\(result)")
  }

  @Test(arguments: [["tensor", "token_embd.weight", "--output", "-"], ["graph", "--format", "json"]])
  func `a reader that goes away ends it without a word`(_ command: [String]) async throws {
    let path = try DemoModel.file().path
    let rest = command.dropFirst().joined(separator: " ")
    let result = try await HeddleTool.shell(
      "\"$0\" \(command[0]) \"$1\" \(rest) | head -c 1 >/dev/null; exit ${PIPESTATUS[0]}", path)
    #expect(result.status == 128 + SIGPIPE && result.error.isEmpty, "\(result)")
    // Whoever ignores the signal is told.
    let told = try await HeddleTool.shell(
      "trap '' PIPE; \"$0\" \(command[0]) \"$1\" \(rest) | head -c 1 >/dev/null; exit ${PIPESTATUS[0]}", path)
    #expect(told.status == 1 && told.error.contains("Broken pipe"), "\(told)")
  }

  @Test func `a signal that is ignored stays ignored`() async throws {
    let model = try HeddleTool.model("ignored.gguf")
    let folder = try HeddleTool.temporaryFile("ignored").path
    let result = try await HeddleTool.shell(
      """
      trap '' HUP; mkdir "$2"; "$0" prune "$1" "$2/out" --pattern 2:4 &
      until compgen -G "$2/*.part" >/dev/null || ! kill -0 $!; do sleep 0.01; done
      kill -HUP $! || exit 99
      wait $!
      """, model, folder)
    #expect(result.status == 0, "\(result)")
  }

  @Test func `nothing from a file steers the terminal`() async throws {
    let evil = "\u{1B}]0;owned\u{7}\u{9B}31m\u{202E}"
    var llama = try SyntheticLlama()
    llama.metadata["general.architecture"] = .string(evil)
    llama.metadata["general.\(evil)"] = .string(evil)
    llama.tensors[evil] = llama.tensors["output_norm.weight"]
    let path = try HeddleTool.temporaryFile("evil\u{1B}[2J.gguf").path
    try Data(llama.serialized()).write(to: URL(fileURLWithPath: path))
    for arguments in [
      ["inspect", path], ["inspect", path, "--json"], ["graph", path], ["generate", "--model", path, "--prompt", evil],
      ["tensor", path, evil, "--output", "/dev/null"], ["prune", path, "/dev/null", "--pattern", evil],
      ["generate", "--model", evil, "--prompt", "x"], ["logits", "--model", path, "--prompt-file", evil], [evil],
      ["tune", "--matmul", evil], ["inspect", path, "--\(evil)"], ["devices", "--\(evil)"],
      ["tune", "--model", path, "--output", evil], ["generate", "--model", path, "--prompt", "x", "--device", evil],
    ] {
      let result = try await HeddleTool.run(arguments)
      for scalar in (result.text + result.error + result.progress).unicodeScalars where scalar != "\n" {
        #expect(
          scalar.value >= 0x20 && !(0x7F..<0xA0).contains(scalar.value), "\(arguments.debugDescription): \(result)")
      }
    }
  }

  @Test func `a second without a word is the most`() async throws {
    let model = try HeddleTool.model("silent.gguf")
    // Nobody reads the pipe: the command has to say what it waits for.
    let pipe = try HeddleTool.temporaryFile("silent.pipe").path
    #expect(mkfifo(pipe, 0o600) == 0)
    let result = try await HeddleTool.run(
      ["prune", model, pipe, "--pattern", "2:4"],
      signal: .init(number: SIGTERM) { _, error in error.contains("progress: opening \(pipe), 1 s\n") })
    #expect(result.status == 143 && result.progress.contains(pipe), "\(result)")
  }
}
