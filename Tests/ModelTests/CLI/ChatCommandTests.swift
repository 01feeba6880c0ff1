import Foundation
import Heddle
import Testing

/// `heddle chat`, and conversations that `heddle generate` is given.
@Suite(.serialized) struct ChatCommandTests {
  private let path: String

  init() throws {
    var llama = try SyntheticLlama()
    llama.metadata["tokenizer.chat_template"] = .string(
      "{{ tools | tojson if tools else '' }}{{ mark }}" + ChatTests.template)
    llama.metadata["tokenizer.ggml.eos_token_id"] = nil
    let url = try HeddleTool.temporaryFile("chat.gguf")
    try Data(llama.serialized()).write(to: url)
    path = url.path
  }

  private func chat(_ input: String, _ more: String...) async throws -> HeddleTool.Result {
    try await HeddleTool.run(["chat", "--model", path, "-n", "5"] + more, input: Data(input.utf8))
  }

  private func generated(_ arguments: [String], input: String? = nil) async throws -> [String: Any] {
    let result = try await HeddleTool.run(
      ["generate", "--model", path, "-n", "5", "--json"] + arguments, input: input.map { Data($0.utf8) })
    #expect(result.status == 0, "\(result)")
    return try #require(try JSONSerialization.jsonObject(with: result.output) as? [String: Any])
  }

  private func file(_ text: String) throws -> String {
    let url = try HeddleTool.temporaryFile("messages-\(UUID().uuidString).json")
    try Data(text.utf8).write(to: url)
    return url.path
  }

  @Test func turnsHaveAHistory() async throws {
    let result = try await chat("hello\n\nor\n/reset\nhello\n/exit\nnever read\n", "--system", "be")
    #expect(result.status == 0, "\(result)")
    func answer(_ messages: [(String, String)]) async throws -> String {
      let json = messages.map { ["role": $0.0, "content": $0.1] }
      let text = String(decoding: try JSONSerialization.data(withJSONObject: json), as: UTF8.self)
      return try #require(try await generated(["--messages", try file(text)])["text"] as? String)
    }
    let first = try await answer([("system", "be"), ("user", "hello")])
    let second = try await answer([("system", "be"), ("user", "hello"), ("assistant", first), ("user", "or")])
    #expect(result.text == "\(first)\n\(second)\n\(first)\n")
    // The end of the input is the end of the chat.
    #expect(try await chat("hello").status == 0)
    #expect(try await chat("").text.isEmpty)
  }

  @Test func inputThatIsNoText() async throws {
    let bytes = try await HeddleTool.run(
      ["chat", "--model", path, "-n", "2"], input: Data("hello\nbad ".utf8) + Data([0xFF, 0x0A]))
    // The first message was answered.
    #expect(
      bytes.status == 1 && bytes.error.contains("standard input: not valid UTF-8 at byte 10") && !bytes.text.isEmpty,
      "\(bytes)")
    let folder = try await HeddleTool.shell("$0 chat --model $1 -n 2 < /tmp", path)
    #expect(folder.isFailure("standard input: cannot be read"), "\(folder)")
    let closed = try await HeddleTool.shell("$0 chat --model $1 -n 2 <&-", path)
    #expect(closed.isFailure("standard input: cannot be read"), "\(closed)")
    // Lines that come in pieces, and ends of lines of other systems.
    let pieces = try await HeddleTool.shell(
      "(printf hel; sleep 0.3; printf 'lo\\r\\n/exit \\nor\\n') | $0 chat --model $1 -n 2", path)
    let whole = try await chat("hello\n", "-n", "2")
    #expect(pieces.status == 0 && pieces.text == whole.text, "\(pieces)")
  }

  /// A template's variables are not the conversation.
  @Test func variablesOfTheConversation() async throws {
    let kwargs = try await HeddleTool.run(
      ["generate", "--model", path, "-p", "x", "--chat-template-kwargs", #"{"messages": []}"#])
    #expect(kwargs.status == 2 && kwargs.error.contains("'messages'"), "\(kwargs)")
    for (text, words) in [
      (#"{"messages": [{"role": "user", "content": "x"}], "chat_template_kwargs": {"tools": []}}"#, "'tools'"),
      ("[]", "there is no message"),
    ] {
      let result = try await HeddleTool.run(["generate", "--model", path, "--messages", try file(text)])
      #expect(result.isFailure(words), "\(result)")
    }
    let both = try await HeddleTool.run(["generate", "--model", path, "-p", "-", "--tools", "-"])
    #expect(both.status == 2 && both.error.contains("can be -"), "\(both)")
  }

  @Test func aFullContextEndsIt() async throws {
    let full = try await HeddleTool.run(["chat", "--model", path, "-c", "20"], input: Data("hello\nor\n".utf8))
    #expect(full.status == 1 && full.error.contains("the context of 20 tokens is full"), "\(full)")
    let long = try await chat(String(repeating: "x", count: 200) + "\n")
    #expect(long.isFailure("the context of 96 tokens is full", "/reset"), "\(long)")
  }

  @Test func conversationsFromFiles() async throws {
    let user = #"[{"role": "user", "content": "hello"}]"#
    let plain = try await generated(["--prompt", "hello", "--chat"])
    let messages = try await generated(["--messages", try file(user + "\n")])
    #expect(messages["prompt_ids"] as? [Int] == plain["prompt_ids"] as? [Int])
    let piped = try await generated(["--messages", "-"], input: user)
    #expect(piped["prompt_ids"] as? [Int] == plain["prompt_ids"] as? [Int])
    for arguments in [["-p", "-"], ["--prompt-file", "-"]] {
      let prompt = try await generated(arguments + ["--chat"], input: "hello\n")
      #expect(prompt["prompt_ids"] as? [Int] == plain["prompt_ids"] as? [Int])
    }
    let system = try await generated(["--prompt", "hello", "--system", "be"])
    let both = try await generated(
      [
        "--messages",
        try file(#"{"messages": [{"role": "system", "content": "be"}, {"role": "user", "content": "hello"}]}"#),
      ])
    #expect(system["prompt_ids"] as? [Int] == both["prompt_ids"] as? [Int])
    let tools = #"[{"name": "f"}]"#
    let given = try await generated(["--prompt", "hello", "--tools", try file(tools)])
    let inside = try await generated(["--messages", try file(#"{"messages": \#(user), "tools": \#(tools)}"#)])
    #expect(given["prompt_ids"] as? [Int] == inside["prompt_ids"] as? [Int])
    #expect(given["prompt_ids"] as? [Int] != plain["prompt_ids"] as? [Int])
    let marked = try await generated(["--prompt", "hello", "--chat-template-kwargs", #"{"mark": "x"}"#])
    let ids = try #require(plain["prompt_ids"] as? [Int])
    #expect(marked["prompt_ids"] as? [Int] == [Int(UInt8(ascii: "x"))] + ids)
  }

  @Test func wrongConversationsAreNamed() async throws {
    func run(_ arguments: String...) async throws -> HeddleTool.Result {
      try await HeddleTool.run(["generate", "--model", path] + arguments)
    }
    #expect(try await run("--messages", try file("[{]")).isFailure("messages-", "line 1"))
    #expect(try await run("--messages", try file("[\n{}]")).isFailure("messages-", "message 0", "role"))
    #expect(try await run("--messages", "/nonexistent").isFailure("/nonexistent", "no such file"))
    #expect(try await run("-p", "x", "--tools", try file("{}")).isFailure("messages-", "tool 0"))
    #expect(try await run("-p", "x", "--chat-template-kwargs", "1").isMisuse("--chat-template-kwargs"))
    #expect(try await run("-p", "x", "--chat-template-kwargs", "{").isMisuse("--chat-template-kwargs"))
    #expect(try await run("--messages", "x", "-p", "y").isMisuse("--messages"))
    #expect(try await run("--messages", "x", "--system", "y").isMisuse("--system"))
    #expect(try await run("--messages", "-", "--tools", "-").isMisuse("--tools"))
    #expect(try await run().isMisuse("--prompt"))
    #expect(try await run("-p", "x", "--logprobs", "1").isMisuse("--json"))
    #expect(try await run("-p", "x", "--json", "--logprobs", "-1").isMisuse("--log-probabilities"))
    #expect(try await run("-p", "x", "--json", "--logprobs", "999").isFailure("log-probabilities is 999"))
    #expect(try await run("-p", "x", "--min-p", "0.1").isMisuse("--min-p", "--temperature"))
    #expect(try await run("-p", "x", "--repeat-last-n", "3").isMisuse("--repetition-window"))
    #expect(try await run("-p", "x", "--repeat-penalty", "0").isMisuse("repetition penalty"))
    #expect(try await run("-p", "x", "--temp", "1", "--min-p", "2").isMisuse("minP"))
    let plain = try HeddleTool.model("plain.gguf")
    let result = try await HeddleTool.run(["chat", "--model", plain], input: Data("a\n".utf8))
    #expect(result.isFailure("no chat template"), "\(result)")
  }

  @Test func logProbabilitiesAreReported() async throws {
    let report = try await generated(["--prompt", "hello", "--log-probabilities", "2"])
    let tokens = try #require(report["tokens"] as? [[String: Any]])
    #expect(tokens.map { $0["id"] as? Int } == (report["token_ids"] as? [Int]).map { $0.map { $0 } })
    for token in tokens {
      let top = try #require(token["top"] as? [[String: Any]])
      #expect(top.count == 2 && top[0]["id"] as? Int == token["id"] as? Int)
      #expect(top[0]["log_probability"] as? Double == token["log_probability"] as? Double)
      #expect(try #require(token["log_probability"] as? Double) <= 0 && token["text"] is String)
    }
    #expect(try await generated(["--prompt", "hello"])["tokens"] == nil)
  }

  @Test func penaltiesAreTaken() async throws {
    let report = try await generated(["--prompt", "hello", "-n", "30", "--presence-penalty", "1000"])
    let ids = try #require(report["token_ids"] as? [Int])
    #expect(ids.count == 30 && Set(ids).count == 30)
    // Each alone changes what is said, to what the library says with it.
    let model = try await LanguageModel.open(file: ModelFile(path: path), backend: ReferenceBackend())
    func expected(_ sampling: SamplingOptions) async throws -> [Int] {
      let generation = try TextGeneration(
        model, prompt: model.promptIDs("aaaa"), options: GenerationOptions(maximumTokens: 30, sampling: sampling))
      var ids: [Int] = []
      for try await event in generation.events() { if case .token(let token) = event { ids.append(token.id) } }
      return ids
    }
    var answers: Set<[Int]> = []
    for (arguments, sampling) in [
      ([], SamplingOptions()),
      (["--repeat-penalty", "1.5"], SamplingOptions(repetitionPenalty: 1.5)),
      (
        ["--repeat-penalty", "1.5", "--repetition-window", "2"],
        SamplingOptions(repetitionPenalty: 1.5, repetitionWindow: 2)
      ),
      (["--frequency-penalty", "0.5"], SamplingOptions(frequencyPenalty: 0.5)),
    ] {
      let report = try await generated(["--prompt", "aaaa", "-n", "30"] + arguments)
      let ids = try #require(report["token_ids"] as? [Int])
      #expect(try await ids == expected(sampling), "\(arguments)")
      answers.insert(ids)
    }
    #expect(answers.count == 4)
    let whole = try await generated([
      "--prompt", "aaaa", "-n", "30", "--repeat-penalty", "1.5", "--repeat-last-n", "-1",
    ])
    #expect(try await whole["token_ids"] as? [Int] == expected(SamplingOptions(repetitionPenalty: 1.5)))
  }

  /// Control-C ends an answer, and the chat goes on with what was said.
  @Test func aSignalEndsAnAnswer() async throws {
    let signal = HeddleTool.Signal(number: SIGINT) { output, _ in output.count > 2 }
    let result = try await HeddleTool.run(
      ["chat", "--model", DemoModel.path, "-n", "200"],
      input: Data("Count from one to a thousand.\nWhat is the capital of France?\n/exit\n".utf8), signal: signal)
    #expect(result.status == 0 && result.exited && result.text.hasSuffix("\n"), "\(result)")
    let answers = result.text.split(separator: "\n")
    #expect(answers.count > 1 && answers.last?.contains("Paris") == true, "\(result)")
  }
}
