import HeddleText

extension Conversation {
  /// What a template finds under each name: `messages`, `tools`, `documents`, and the conversation's own variables.
  func templateVariables() throws(ChatTemplateError) -> NameTable<TemplateValue> {
    var messages: [TemplateValue] = []
    for message in self.messages { messages.append(.dictionary(try message.dictionary())) }
    var variables: NameTable<TemplateValue> = [
      "messages": .list(try TemplateList(messages, line: 1)), "documents": .none,
      "tools": tools.isEmpty ? .none : .list(try TemplateList(tools.map(\.value), line: 1)),
    ]
    for variable in self.variables { variables[variable.name] = variable.value.value }
    return variables
  }
}

extension ChatMessage {
  /// The message as a template reads it. What is null is not there: templates ask whether a member is, and would write
  /// `None`. Reasoning is there by both names that templates read it under.
  fileprivate func dictionary() throws(ChatTemplateError) -> TemplateDictionary {
    var dictionary = TemplateDictionary()
    let reasoning = Names.reasonings.lazy.compactMap { name in self[name].flatMap { $0.isNull ? nil : $0 } }.first
    if let reasoning { try dictionary.set(TemplateString("thinking"), reasoning.value, line: 1) }
    let role = TemplateString(role.rawValue, isTrusted: role.isTrusted)
    try dictionary.set(TemplateString("role"), .string(role), line: 1)
    if let content {
      try dictionary.set(TemplateString("content"), .string(TemplateString(content, isTrusted: false)), line: 1)
    }
    for member in members where !member.value.isNull {
      try dictionary.set(TemplateString(member.name, isTrusted: false), member.value.value, line: 1)
    }
    if let reasoning { try dictionary.set(TemplateString(Names.reasoning), reasoning.value, line: 1) }
    return dictionary
  }
}
