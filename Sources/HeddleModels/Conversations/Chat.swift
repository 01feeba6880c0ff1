import ChatTemplates
import HeddleText

/// Several turns with one model: the conversation, and a session that holds what was run of it.
///
/// Each answer runs only the tokens that are new to the session: those behind the beginning that the laid out conversation
/// shares with it.
///
/// ```swift
/// var chat = try Chat(model, system: "You are brief.")
/// chat.conversation.messages.append(ChatMessage(role: .user, content: "What is a heddle?"))
/// var answer = ""
/// for try await event in try chat.answer().events() {
///   if case .token(let token) = event { answer += token.text }
/// }
/// chat.conversation.messages.append(ChatMessage(role: .assistant, content: answer))
/// ```
public struct Chat: Sendable {
  public let model: LanguageModel
  public let session: ModelSession
  public var conversation: Conversation

  /// - Parameters:
  ///   - system: what the system message says; nil for none.
  ///   - tools: what the model may call.
  ///   - context: the most tokens of all turns together; nil for the model's context length.
  /// - Throws: ``ModelError/invalidOption(_:value:range:)``, ``ModelError/noChatTemplate``, and what the backend throws for
  ///   want of memory.
  public init(
    _ model: LanguageModel, system: String? = nil, tools: [ChatValue] = [], context: Int? = nil
  ) throws {
    guard model.hasChatTemplate else { throw ModelError.noChatTemplate }
    self.model = model
    let messages = system.map { [ChatMessage(role: .system, content: $0)] } ?? []
    conversation = Conversation(messages: messages, tools: tools)
    session = try model.makeSession(capacity: context ?? model.configuration.contextLength)
  }

  /// The generation of the assistant's next message.
  ///
  /// - Throws: ``ModelError/chatTemplate(_:)``, ``ModelError/promptTooLong(tokens:context:)`` when the session has no room for
  ///   the conversation, and what ``TextGeneration`` throws.
  public func answer(
    options: GenerationOptions = GenerationOptions(), observer: (any StepObserver)? = nil
  ) throws -> TextGeneration {
    try TextGeneration(
      model, prompt: try model.promptIDs(conversation), options: options, session: session, observer: observer)
  }
}
