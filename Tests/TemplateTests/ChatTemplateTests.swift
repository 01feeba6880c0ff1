import Testing

@testable import ChatTemplates

/// Templates of well-known models, rendered by Jinja itself with the settings they are written for.
@Suite struct ChatTemplateTests {
  struct Fixture: Decodable {
    var name: String
    var template: String
    var bos: String?
    var eos: String?
    var cases: [Case]
  }

  struct Case: Decodable {
    struct Message: Decodable {
      var role: String
      var content: String
    }
    var messages: [Message]
    var addGenerationPrompt: Bool
    var text: String?
    /// What `raise_exception` was called with, instead of a text.
    var raised: String?

    var conversation: [ChatMessage] {
      messages.map { ChatMessage(role: .init(rawValue: $0.role), content: $0.content) }
    }
  }

  @Test func modelTemplates() throws {
    let fixtures: [Fixture] = try resource("chat-templates")
    for fixture in fixtures {
      let template = try ChatTemplate(fixture.template)
      for item in fixture.cases {
        func render() throws -> [RenderedRun] {
          try template.render(
            messages: item.conversation, addGenerationPrompt: item.addGenerationPrompt, bosToken: fixture.bos,
            eosToken: fixture.eos)
        }
        if let raised = item.raised {
          #expect(throws: ChatTemplateError.raised(raised), "\(fixture.name)") { try render() }
        } else {
          #expect(try render().text == item.text, "\(fixture.name)")
        }
      }
    }
  }

  @Test func expressions() throws {
    struct Expression: Decodable {
      var template: String
      var text: String
    }
    let messages = [
      ChatMessage(role: .user, content: "He's \"here\"\n"), ChatMessage(role: .assistant, content: " ok <b> "),
    ]
    let expressions: [Expression] = try resource("template-expressions")
    for item in expressions {
      #expect(throws: Never.self, "\(item.template)") {
        let runs = try ChatTemplate(item.template).render(messages: messages, addGenerationPrompt: false)
        #expect(Array(runs.text.unicodeScalars) == Array(item.text.unicodeScalars), "\(item.template)")
      }
    }
  }

  /// A line for each feature; what Jinja refuses has no text (`make_features.py`).
  @Test func features() throws {
    struct Feature: Decodable {
      var template: String
      var text: String?
    }
    let messages = [
      ChatMessage(role: .user, content: "He's \"here\"\n"), ChatMessage(role: .assistant, content: " ok <b> "),
    ]
    let features: [Feature] = try resource("template-features")
    for feature in features {
      func render() throws -> [Unicode.Scalar] {
        let runs = try ChatTemplate(feature.template).render(messages: messages, addGenerationPrompt: false)
        return Array(runs.text.unicodeScalars)
      }
      if let text = feature.text {
        #expect(throws: Never.self, "\(feature.template)") {
          let rendered = try render()
          #expect(rendered == Array(text.unicodeScalars), "\(feature.template)")
        }
      } else {
        #expect(throws: ChatTemplateError.self, "\(feature.template)") { try render() }
      }
    }
  }

  /// The date a template asks for is the true one; a template that has one to fall back on does not.
  @Test func date() throws {
    let date = TemplateDate(year: 2031, month: 3, day: 7, dayOfYear: 66, weekday: 5, hour: 0, minute: 5, second: 9)
    func text(_ source: String, _ date: TemplateDate) throws -> String {
      try ChatTemplate(source).render(
        Conversation(messages: []), addGenerationPrompt: false, bosToken: nil, eosToken: nil, date: date
      ).text
    }
    let llama = """
      {%- if not date_string is defined %}{%- if strftime_now is defined %}
      {%- set date_string = strftime_now("%d %b %Y") %}{%- else %}{%- set date_string = "26 Jul 2024" %}
      {%- endif %}{%- endif %}{{ date_string }}
      """
    #expect(try text(llama, date) == "07 Mar 2031")
    for (format, wanted) in [
      ("%Y-%m-%d", "2031-03-07"), ("%B %d, %Y", "March 07, 2031"), ("%A %a %-d/%-m/%y", "Friday Fri 7/3/31"),
      ("%H:%M:%S %I %p %j", "00:05:09 12 AM 066"), ("%F %T%%%Z", "2031-03-07 00:05:09%"), ("é", "é"),
    ] { #expect(try text("{{ strftime_now('\(format)') }}", date) == wanted) }
    let now = try ChatTemplate("{{ strftime_now('%Y') }}").render(messages: [], addGenerationPrompt: false).text
    #expect(try #require(Int(now)) >= 2025)
    // What came with a message stays what it is through a macro and a filter.
    let runs = try ChatTemplate(
      "{% macro f(m) %}<{{ m }}>{% endmacro %}{% filter upper %}{{ f(messages[0].content) }}{% endfilter %}"
    )
    .render(messages: [ChatMessage(role: .user, content: "u")], addGenerationPrompt: false)
    #expect(runs.map(\.isTrusted) == [true, false, true] && runs.text == "<U>")
  }

  /// Keys are put in order at all levels that a value may have.
  @Test func sortedKeysAtEveryLevel() throws {
    let source =
      "{% set n = namespace(x={}) %}{% for i in range(23) %}{% set n.x = {'b': n.x, 'a': i} %}{% endfor %}"
      + "{{ n.x|tojson(sort_keys=true) }}"
    let wanted = (0..<23).reduce("{}") { "{\"a\": \($1), \"b\": \($0)}" }
    #expect(try ChatTemplate(source).render(messages: [], addGenerationPrompt: false).text == wanted)
  }
}
