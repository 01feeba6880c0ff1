import ArgumentParser
import Heddle
import HeddleText

/// `--chat`, `--system`, `--messages`, `--tools`, `--chat-template-kwargs`: a prompt that the model's chat template lays out.
struct ConversationOption: ParsableArguments {
  @Flag(help: "Takes the prompt as a user's message and lays it out with the model's chat template.")
  var chat = false

  @Option(help: "A system message before the prompt, which is a user's message then.", transform: Arguments.text)
  var system: String?

  @Option(
    help: """
      A file with messages instead of a prompt, as servers take them: a JSON list, or an object with "messages" and maybe \
      "tools"; - for standard input.
      """,
    transform: Arguments.text)
  var messages: String?

  @Option(
    help: "A file with the tools that the model may call: a JSON list of objects, as servers take it.",
    transform: Arguments.text)
  var tools: String?

  @Option(
    help: "Variables of the chat template, as a JSON object: {\"enable_thinking\": false}.", transform: Arguments.text)
  var chatTemplateKwargs: String?

  func validate() throws {
    if messages != nil, system != nil {
      throw ValidationError("--system cannot be given beside --messages, which may hold a system message")
    }
    if messages == "-", tools == "-" { throw ValidationError("only one of --messages and --tools can be -") }
  }

  /// Whether the chat template is to be used.
  private var isWanted: Bool {
    chat || [system, messages, tools, chatTemplateKwargs].contains { $0 != nil }
  }

  /// - Throws: `ValidationError` unless there is one of a prompt and messages.
  func require(_ prompt: PromptOption) throws {
    _ = try variables()
    if prompt.isStandardInput, [messages, tools].contains("-") {
      throw ValidationError("only one of the prompt, --messages and --tools can be -")
    }
    guard let messages else { return try prompt.require() }
    guard !prompt.isGiven else { throw ValidationError("--messages cannot be given beside a prompt") }
    if messages.isEmpty { throw ValidationError("--messages is empty; it must be a file") }
  }

  /// What is to be laid out; nil for a plain prompt.
  ///
  /// - Throws: ``CommandError`` naming the file that cannot be read or is not what it should be.
  func conversation(_ prompt: PromptOption) throws -> Conversation? {
    guard isWanted else { return nil }
    var conversation: Conversation
    if let messages {
      conversation = try Self.read(messages) { text throws(ModelError) in try Conversation(json: text) }
    } else {
      conversation = Conversation(messages: system.map { [ChatMessage(role: .system, content: $0)] } ?? [])
      conversation.messages.append(ChatMessage(role: .user, content: try prompt.text()))
    }
    if let tools {
      conversation.tools = try Self.read(tools) { text throws(ModelError) in try Conversation.tools(json: text) }
    }
    if conversation.messages.isEmpty {
      throw CommandError("\(messages ?? "the conversation"): there is no message in it")
    }
    conversation.variables += try variables()
    return conversation
  }

  private func variables() throws -> [ChatMember] {
    guard let chatTemplateKwargs else { return [] }
    let value: ChatValue
    do throws(ModelError) { value = try ChatValue(json: chatTemplateKwargs) } catch {
      throw ValidationError("--chat-template-kwargs: \(error)")
    }
    guard let members = value.members else { throw ValidationError("--chat-template-kwargs: not a JSON object") }
    for member in members where Conversation.reservedVariables.contains(where: { $0.hasSameBytes(as: member.name) }) {
      throw ValidationError(
        "--chat-template-kwargs has '\(member.name)', which the conversation itself gives the template")
    }
    return members
  }

  private static func read<Value>(
    _ path: String, _ parse: (String) throws(ModelError) -> Value
  ) throws(CommandError) -> Value {
    let text = try TextFile.read(path)
    do throws(ModelError) {
      return try parse(text)
    } catch {
      throw CommandError("\(path == "-" ? "standard input" : path): \(error)")
    }
  }
}
