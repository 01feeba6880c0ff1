import Foundation
import Heddle
import Testing

/// Templates and what Jinja, with transformers' settings, makes of conversations: those written for these tests
/// (`Resources/conversations/make.py`), and in the campaign published ones (`.ci/chat-templates`).
@Suite struct PublishedTemplateTests {
  struct Case: Decodable {
    var name: String
    var template: String
    var bos: String?
    var eos: String?
    /// JSON, as a program is given it.
    var conversation: String
    var addGenerationPrompt: Bool
    /// Nil where Jinja refuses the conversation.
    var text: String?
    /// What `raise_exception` was called with.
    var raised: String?
  }

  private func check(_ cases: [Case]) throws {
    #expect(!cases.isEmpty)
    for item in cases {
      func render() throws -> [Unicode.Scalar] {
        let runs = try ChatTemplate(item.template).render(
          try Conversation(json: item.conversation), addGenerationPrompt: item.addGenerationPrompt, bosToken: item.bos,
          eosToken: item.eos)
        return Array(runs.text.unicodeScalars)
      }
      if let text = item.text {
        #expect(throws: Never.self, "\(item.name)") {
          let rendered = try render()
          #expect(rendered == Array(text.unicodeScalars), "\(item.name)")
        }
      } else if let raised = item.raised {
        #expect(throws: ChatTemplateError.raised(raised), "\(item.name)") { try render() }
      } else {
        #expect(throws: (any Error).self, "\(item.name)") { try render() }
      }
    }
  }

  @Test func conversations() throws { try check(try resource("conversations/conversations")) }

  static let published = ProcessInfo.processInfo.environment["HEDDLE_CHAT_TEMPLATES"]

  @Test(.enabled(if: published?.isEmpty == false)) func publishedTemplates() throws {
    let path = try #require(Self.published)
    try check(JSONDecoder().decode([Case].self, from: Data(contentsOf: URL(fileURLWithPath: path))))
  }
}
