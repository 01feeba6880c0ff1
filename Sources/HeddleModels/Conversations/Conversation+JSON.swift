import ChatTemplates
import HeddleText

extension Conversation {
  /// A conversation as servers take it: a list of messages, or an object with `messages`, and maybe `tools` and
  /// `chat_template_kwargs`, the variables of the template.
  ///
  /// A message is an object with a `role`. Its `content` is a text, null, or a list of parts that are texts
  /// (`{"type": "text", "text": …}`), which are put together. Arguments of a call may be an object or, as servers
  /// give them, a text with its JSON, which is read. All other members are the template's to read.
  ///
  /// - Throws: ``ModelError/invalidJSON(line:_:)``, ``ModelError/invalidMessage(_:index:)``.
  public init(json: String) throws(ModelError) {
    let value = try ChatValue(json: json)
    self.init(messages: try Self.messages(value["messages"] ?? value))
    if let tools = value["tools"], !tools.isNull { self.tools = try Self.tools(tools) }
    variables = value["chat_template_kwargs"]?.members ?? []
    for variable in variables where Self.reservedVariables.contains(where: { $0.hasSameBytes(as: variable.name) }) {
      throw .reservedVariable(variable.name)
    }
  }

  /// Variables that every template is given of the conversation itself.
  public static let reservedVariables = ["messages", "tools", "add_generation_prompt", "bos_token", "eos_token"]

  /// A list of tools, from JSON.
  ///
  /// - Throws: ``ModelError/invalidJSON(line:_:)``, ``ModelError/invalidTool(index:)``.
  public static func tools(json: String) throws(ModelError) -> [ChatValue] {
    let value = try ChatValue(json: json)
    return try tools(value["tools"] ?? value)
  }

  private static func tools(_ value: ChatValue) throws(ModelError) -> [ChatValue] {
    guard let list = value.list else { throw .invalidTool(index: 0) }
    for (index, tool) in list.enumerated() where tool.members == nil { throw .invalidTool(index: index) }
    return list
  }

  private static func messages(_ value: ChatValue) throws(ModelError) -> [ChatMessage] {
    guard let list = value.list else { throw .invalidMessage("a list of messages is expected", index: 0) }
    var messages: [ChatMessage] = []
    for (index, value) in list.enumerated() {
      do throws(MessageDefect) {
        messages.append(try ChatMessage(value))
      } catch {
        throw .invalidMessage(error.reason, index: index)
      }
    }
    return messages
  }
}

private struct MessageDefect: Error {
  var reason: String
}

extension ChatMessage {
  fileprivate init(_ value: ChatValue) throws(MessageDefect) {
    guard let members = value.members else { throw MessageDefect(reason: "it is not an object") }
    guard let role = value["role"]?.text else { throw MessageDefect(reason: "it has no 'role' that is a text") }
    self.init(role: Role(rawValue: role), content: try Self.content(value["content"]))
    for member in members where !["role", "content"].contains(where: { member.name.hasSameBytes(as: $0) }) {
      let isCalls = member.name.hasSameBytes(as: "tool_calls")
      self.members.append(isCalls ? ChatMember(member.name, try Self.calls(member.value)) : member)
    }
  }

  private static func content(_ value: ChatValue?) throws(MessageDefect) -> String? {
    guard let value, !value.isNull else { return nil }
    if let text = value.text { return text }
    guard let parts = value.list else { throw MessageDefect(reason: "its 'content' is neither a text nor a list") }
    var text = ""
    for part in parts {
      guard let piece = part["text"]?.text ?? part.text else {
        throw MessageDefect(reason: "its 'content' has a part of type '\(part["type"]?.text ?? "")', which is no text")
      }
      text += piece
    }
    return text
  }

  /// Calls whose arguments are JSON in a text get what it says.
  private static func calls(_ value: ChatValue) throws(MessageDefect) -> ChatValue {
    guard !value.isNull else { return value }
    guard let list = value.list else { throw MessageDefect(reason: "its 'tool_calls' are no list") }
    do throws(ChatTemplateError) {
      var calls: [ChatValue] = []
      for call in list { calls.append(try arguments(of: call)) }
      return try ChatValue(list: calls)
    } catch {
      throw MessageDefect(reason: "the arguments of its 'tool_calls' nest too deep")
    }
  }

  private static func arguments(of call: ChatValue) throws(ChatTemplateError) -> ChatValue {
    func replaced(_ value: ChatValue, _ name: String, by new: ChatValue) throws(ChatTemplateError) -> ChatValue {
      let members = (value.members ?? []).map { $0.name.hasSameBytes(as: name) ? ChatMember(name, new) : $0 }
      return try ChatValue(object: members)
    }
    let function = call["function"] ?? call
    guard let text = function["arguments"]?.text, let parsed = try? ChatValue(json: text), parsed.members != nil
    else { return call }
    let changed = try replaced(function, "arguments", by: parsed)
    return call["function"] == nil ? changed : try replaced(call, "function", by: changed)
  }
}
