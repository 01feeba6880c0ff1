import ArgumentParser
import Foundation
import Heddle

/// `heddle chat`
struct ChatCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "chat", abstract: "Talks with a language model, a line of standard input for each message.",
    discussion: """
      /reset begins anew, /exit ends, as the end of the input does. Control-C ends an answer; where there is none, the command. \
      What was said is kept in the model's caches, so each turn runs only what is new. When the context is full the command \
      says so; at a terminal /reset goes on, otherwise it ends with exit code 1.
      """)

  @OptionGroup var model: ModelOption
  @OptionGroup var device: DeviceOption
  @OptionGroup var sampling: SamplingOption
  @OptionGroup var density: DensityOption
  @OptionGroup var limits: AnswerOption

  @Option(help: "A system message before the first.", transform: Arguments.text)
  var system: String?

  @Option(
    name: AnswerOption.maximumTokensNames,
    help: "The most tokens of an answer; -1 for as many as there is room for.")
  var maxTokens = -1

  func validate() throws {
    _ = try AnswerOption.maximumTokens(maxTokens)
  }

  func run() async throws {
    let opened = try await model.open(try model.file(), on: device)
    var chat = try Chat(opened.model, system: system, context: limits.context)
    let session = chat.session
    // The device finishes what it was given before the process may go.
    defer { try? session.session.finishBlocking() }
    let beginning = chat.conversation
    let options = GenerationOptions(
      maximumTokens: try AnswerOption.maximumTokens(maxTokens), sampling: sampling.options,
      chunk: opened.chunk(model), density: density.density, stop: limits.stop)
    let isTerminal = isatty(STDIN_FILENO) == 1
    var lines = InputLines()
    while true {
      if isTerminal { Console.control("> ") }
      guard let line = try lines.next() else { break }
      switch line.trimmingCharacters(in: .whitespaces) {
      case "": continue
      case "/exit": return
      case "/reset":
        chat.conversation = beginning
        continue
      default: break
      }
      chat.conversation.messages.append(ChatMessage(role: .user, content: line))
      do {
        try await answer(&chat, options)
      } catch let error as FullContext where isTerminal {
        Console.error("error: \(error)\n")
      }
      try Task.checkCancellation()
    }
    if isTerminal { Console.error("\n") }
  }

  /// Answers the last message, which is taken back if there is no room for it.
  private func answer(_ chat: inout Chat, _ options: GenerationOptions) async throws {
    let generation: TextGeneration
    do {
      generation = try chat.answer(options: options)
    } catch ModelError.promptTooLong(let tokens, let context) {
      _ = chat.conversation.messages.popLast()
      throw FullContext(tokens: tokens, context: context)
    }
    let progress = ProgressBar()
    let transcript = Transcript(streams: true, progress: progress)
    let task = Task { try await transcript.follow(generation) }
    let summary = try await withTaskCancellationHandler {
      try await Signals.interrupting({
        guard !task.isCancelled else { return false }
        task.cancel()
        return true
      }) { try await task.value }
    } onCancel: {
      task.cancel()
    }
    progress.clear()
    try Console.output("\n")
    chat.conversation.messages.append(ChatMessage(role: .assistant, content: transcript.text))
    if summary?.finishReason == .contextFull {
      throw FullContext(tokens: generation.prompt.count + transcript.ids.count, context: chat.session.capacity)
    }
  }
}

/// There is no room for what comes next.
struct FullContext: Error, CustomStringConvertible {
  var tokens: Int
  var context: Int

  var description: String {
    "the context of \(context) tokens is full, with \(tokens) tokens of conversation; /reset begins anew"
  }
}
