/// What a chat template lays out: messages, the tools that the model may call, and what else the template reads.
public struct Conversation: Hashable, Sendable {
  public var messages: [ChatMessage]
  /// A description of each tool, as hubs and servers write it: `{"type": "function", "function": {"name": …,
  /// "description": …, "parameters": …}}`, the parameters a JSON schema. Text in them is as a message's.
  public var tools: [ChatValue]
  /// Variables of the template beside those that all have: `enable_thinking` and its like.
  public var variables: [ChatMember]

  public init(messages: [ChatMessage], tools: [ChatValue] = [], variables: [ChatMember] = []) {
    self.messages = messages
    self.tools = tools
    self.variables = variables
  }
}
