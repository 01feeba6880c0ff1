import Testing

@testable import HeddleModels

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
}
