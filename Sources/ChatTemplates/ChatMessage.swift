import HeddleText

/// One message of a conversation.
public struct ChatMessage: Hashable, Sendable {
  public var role: Role
  /// What is said; nil of a message without content, as one that only calls tools.
  public var content: String?
  /// What else a template may read of the message, by the names that hubs and servers use: `tool_calls`, `tool_call_id`,
  /// `name`, `reasoning_content`, and whatever a model's template asks for. A member that is null is left out.
  public var members: [ChatMember]

  public init(role: Role, content: String?, members: [ChatMember] = []) {
    self.role = role
    self.content = content
    self.members = members
  }

  /// The assistant's message that calls tools.
  ///
  /// - Parameter reasoning: what the model thought before, for templates that repeat it.
  /// - Throws: ``ChatTemplateError/limitExceeded(_:line:)`` if the arguments nest too deep.
  public init(calling calls: [ToolCall], content: String? = nil, reasoning: String? = nil) throws(ChatTemplateError) {
    var values: [ChatValue] = []
    for call in calls { values.append(try call.value()) }
    var members = [ChatMember(Names.toolCalls, try ChatValue(list: values))]
    if let reasoning { members.append(ChatMember(Names.reasoning, ChatValue(reasoning))) }
    self.init(role: .assistant, content: content, members: members)
  }

  /// What a tool answered.
  ///
  /// - Parameters:
  ///   - name: the tool's name.
  ///   - id: that of the call that is answered, where calls have ids.
  public init(result content: String, of name: String? = nil, id: String? = nil) {
    var members: [ChatMember] = []
    if let name { members.append(ChatMember(Names.name, ChatValue(name))) }
    if let id { members.append(ChatMember(Names.toolCallID, ChatValue(id))) }
    self.init(role: .tool, content: content, members: members)
  }

  /// The member of a name; nil if there is none.
  public subscript(name: String) -> ChatValue? { members.last { $0.name.hasSameBytes(as: name) }?.value }

  /// The calls of a message of the assistant, as far as they have the usual form.
  public var toolCalls: [ToolCall] { (self[Names.toolCalls]?.list ?? []).compactMap { ToolCall($0) } }

  /// What the model thought before it answered, under any of the names in use.
  public var reasoning: String? { Names.reasonings.lazy.compactMap { self[$0]?.text }.first }

  /// Who speaks. Templates put the well-known roles into special tokens (`<|user|>`), so those are trusted text;
  /// any other role is text like a message's content.
  public struct Role: RawRepresentable, Hashable, Sendable, Codable, ExpressibleByStringLiteral {
    public var rawValue: String

    public init(rawValue: String) { self.rawValue = rawValue }
    public init(stringLiteral value: String) { rawValue = value }

    public static let system = Role(rawValue: "system")
    public static let user = Role(rawValue: "user")
    public static let assistant = Role(rawValue: "assistant")
    public static let tool = Role(rawValue: "tool")

    var isTrusted: Bool { [.system, .user, .assistant, .tool].contains(self) }
  }

  enum Names {
    static let toolCalls = "tool_calls"
    static let toolCallID = "tool_call_id"
    static let name = "name"
    static let reasoning = "reasoning_content"
    /// The first that is there counts.
    static let reasonings = ["reasoning_content", "thinking", "reasoning"]
  }
}

/// A call of a tool in a message of the assistant.
public struct ToolCall: Hashable, Sendable {
  /// What ties the tool's answer to the call; nil where calls have no ids.
  public var id: String?
  public var name: String
  /// An object, as templates want it; a text of JSON is passed on as the text it is.
  public var arguments: ChatValue

  public init(id: String? = nil, name: String, arguments: ChatValue) {
    self.id = id
    self.name = name
    self.arguments = arguments
  }

  /// The call that a value of the usual form stands for: `{"function": {"name": …, "arguments": …}}`, or without the
  /// object around it; nil if it has no name.
  public init?(_ value: ChatValue) {
    let function = value["function"] ?? value
    guard let name = function["name"]?.text else { return nil }
    self.init(id: value["id"]?.text, name: name, arguments: function["arguments"] ?? .null)
  }

  /// `{"id": …, "type": "function", "function": {"name": …, "arguments": …}}`
  func value() throws(ChatTemplateError) -> ChatValue {
    let function = try ChatValue(object: [ChatMember("name", ChatValue(name)), ChatMember("arguments", arguments)])
    let identifier = id.map { [ChatMember("id", ChatValue($0))] } ?? []
    return try ChatValue(
      object: identifier + [ChatMember("type", ChatValue("function")), ChatMember("function", function)])
  }
}
