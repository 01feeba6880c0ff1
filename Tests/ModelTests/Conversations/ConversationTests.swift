import Heddle
import Testing

@testable import HeddleModels

/// Conversations as JSON: what is read, and how what is wrong is named.
@Suite struct ConversationTests {
  private func text(_ json: String, _ template: String) throws -> String {
    try ChatTemplate(template).render(try Conversation(json: json), addGenerationPrompt: false).text
  }

  @Test func messagesAreRead() throws {
    let plain = try Conversation(json: #"[{"role": "user", "content": "a"}, {"content": "b", "role": "x"}]"#)
    #expect(plain.messages == [ChatMessage(role: .user, content: "a"), ChatMessage(role: "x", content: "b")])
    let whole = try Conversation(
      json: #"""
         {"model": "ignored", "messages": [{"role": "user", "content": [{"type": "text", "text": "a"}, {"text": "b"}]}],
          "tools": [{"type": "function", "function": {"name": "f"}}], "chat_template_kwargs": {"x": 1.5}}

        """#)
    #expect(whole.messages == [ChatMessage(role: .user, content: "ab")] && whole.tools.count == 1)
    #expect(whole.tools[0]["function"]?["name"]?.text == "f")
    #expect(whole.variables == [ChatMember("x", ChatValue(1.5))])
    let call = try Conversation(
      json: #"""
        [{"role": "assistant", "content": null, "reasoning": "hm", "tool_calls": [
          {"id": "1", "function": {"name": "f", "arguments": "{\"b\": 1, \"a\": [null, true]}"}},
          {"function": {"name": "g", "arguments": {"c": "d"}}},
          {"name": "h", "arguments": "not JSON"}]},
         {"role": "tool", "content": "r", "tool_call_id": "1", "name": "f"}]
        """#)
    let message = call.messages[0]
    #expect(message.content == nil && message.reasoning == "hm")
    let arguments = try ChatValue(json: #"{"b": 1, "a": [null, true]}"#)
    #expect(message.toolCalls[0] == ToolCall(id: "1", name: "f", arguments: arguments))
    #expect(message.toolCalls[0].arguments.members?.map(\.name) == ["b", "a"])
    #expect(message.toolCalls[2] == ToolCall(name: "h", arguments: ChatValue("not JSON")))
    #expect(call.messages[1] == ChatMessage(result: "r", of: "f", id: "1") || call.messages[1].members.count == 2)
  }

  @Test func messagesAreMadeInSwift() throws {
    let call = ToolCall(id: "7", name: "f", arguments: try ChatValue(object: [ChatMember("a", ChatValue(1))]))
    let conversation = Conversation(
      messages: [
        try ChatMessage(calling: [call], content: "so", reasoning: "hm"), ChatMessage(result: "2", of: "f", id: "7"),
      ],
      tools: [try ChatValue(json: #"{"name": "f"}"#)], variables: [ChatMember("x", ChatValue(true))])
    let template = """
      {{ tools | tojson }}{{ x }}{% for m in messages %}|{{ m.role }} {{ m.content }} {{ m.tool_calls | default('') }} \
      {{ m.reasoning_content }} {{ m.thinking }} {{ m.name }} {{ m.tool_call_id }}{% endfor %}
      """
    let rendered = try ChatTemplate(template).render(conversation, addGenerationPrompt: false)
    #expect(
      rendered.text == #"[{"name": "f"}]True|assistant so [{'id': '7', 'type': 'function', 'function': {'name': 'f', "#
        + #"'arguments': {'a': 1}}}] hm hm  |tool 2    f 7"#)
    #expect(conversation.messages[0].toolCalls == [call])
    // Tools, arguments and results are never trusted.
    for run in rendered where run.isTrusted { #expect(!run.text.contains("f\"") && !run.text.contains("hm")) }
  }

  /// What is null is as if it were not there, as transformers gives messages to templates.
  @Test func nullIsNothing() throws {
    let json = #"[{"role": "assistant", "content": null, "tool_calls": null, "x": null, "y": 0}]"#
    let template = """
      {% set m = messages[0] %}{{ m.content is defined }} {{ 'tool_calls' in m }} {{ m.x is defined }} {{ m.y }} {{ tools }}
      """
    #expect(try text(json, template) == "False False False 0 None")
    #expect(try text(#"{"messages": [], "tools": []}"#, "{{ tools }}") == "None")
    #expect(try text(#"{"messages": [], "tools": null}"#, "{{ tools }}{{ messages }}") == "None[]")
  }

  @Test func numbersAndTextsArriveAsTheyAre() throws {
    let json = #"""
      {"messages": [], "chat_template_kwargs": {"v": [1, -0, 1.0, 1e2, 123456789012345678901234567890, 1.5e300, "é\u00e9\ud83d\ude00\n", true,
      null, {}, []]}}
      """#
    #expect(
      try text(json, "{{ v | tojson }}")
        == #"[1, -0.0, 1.0, 100.0, 1.2345678901234568e+29, 1.5e+300, "éé😀\n", true, null, {}, []]"#)
  }

  @Test func wrongJSONIsLocated() {
    func expect(_ error: ModelError, _ json: String) {
      #expect(throws: error, "\(json)") { _ = try Conversation(json: json) }
    }
    expect(.invalidJSON(line: 1, .unexpected(found: "the end", expected: "a finite number")), "")
    expect(.invalidJSON(line: 3, .unexpected(found: "the end", expected: "',' or ']'")), "[\n\n1")
    expect(.invalidJSON(line: 2, .unexpected(found: "'x'", expected: "nothing but spaces")), "[]\nx")
    expect(.invalidJSON(line: 1, .duplicateKey("a")), #"{"a": 1, "a": 2}"#)
    expect(.invalidMessage("a list of messages is expected", index: 0), "{}")
    expect(.invalidMessage("a list of messages is expected", index: 0), #""text""#)
    expect(.invalidMessage("it is not an object", index: 1), #"[{"role": "user", "content": ""}, 1]"#)
    expect(.invalidMessage("it has no 'role' that is a text", index: 0), #"[{"content": ""}]"#)
    expect(.invalidMessage("its 'content' is neither a text nor a list", index: 0), #"[{"role": "a", "content": 1}]"#)
    expect(
      .invalidMessage("its 'content' has a part of type 'image_url', which is no text", index: 0),
      #"[{"role": "a", "content": [{"type": "image_url"}]}]"#)
    expect(.invalidMessage("its 'tool_calls' are no list", index: 0), #"[{"role": "a", "tool_calls": 1}]"#)
    expect(.invalidTool(index: 0), #"{"messages": [], "tools": {}}"#)
    expect(.invalidTool(index: 1), #"{"messages": [], "tools": [{}, "f"]}"#)
    #expect(throws: ModelError.invalidTool(index: 0)) { _ = try Conversation.tools(json: "[1]") }
  }

  @Test func depthIsBounded() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    #expect(throws: Never.self) { _ = try ChatValue(json: nested(24)) }
    for depth in [25, 26, 100_000] {
      #expect(throws: ModelError.invalidJSON(line: 1, .limitExceeded(what: "nested values", limit: 24))) {
        _ = try ChatValue(json: nested(depth))
      }
    }
    // The level that is one too many is named, though nothing is in it.
    let lines = String(repeating: "[", count: 24) + "\n[\n" + String(repeating: "]", count: 25)
    #expect(throws: ModelError.invalidJSON(line: 2, .limitExceeded(what: "nested values", limit: 24))) {
      _ = try ChatValue(json: lines)
    }
    // What fits by itself, and no more in a message.
    let deep = try ChatValue(json: nested(22))
    #expect(throws: ChatTemplateError.self) {
      _ = try ChatMessage(calling: [ToolCall(name: "f", arguments: deep)])
    }
    let tools = Conversation(messages: [], tools: [try ChatValue(json: nested(24))])
    #expect(throws: ChatTemplateError.self) {
      _ = try ChatTemplate("{{ tools }}").render(tools, addGenerationPrompt: false)
    }
  }

  @Test func equalValuesHashAlike() throws {
    let values = try [
      ChatValue(1), ChatValue(1.0), ChatValue(true), ChatValue("a"), .null, ChatValue(list: [ChatValue(1)]),
      ChatValue(list: [ChatValue(1.0)]), ChatValue(object: [ChatMember("a", .null)]),
    ]
    for left in values {
      for right in values where left == right { #expect(left.hashValue == right.hashValue) }
    }
    #expect(Set(values).count == 5)
  }
}
