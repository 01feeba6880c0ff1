import Testing

@testable import ChatTemplates

/// What the template wrote is trusted, what came with a message never is.
@Suite struct ProvenanceTests {
  private func runs(_ source: String, _ content: String = "uU", role: ChatMessage.Role = .user) throws -> [RenderedRun]
  {
    try ChatTemplate(source).render(
      messages: [ChatMessage(role: role, content: content)], addGenerationPrompt: true, bosToken: "<s>")
  }

  private func trusted(_ text: String) -> RenderedRun { RenderedRun(text, isTrusted: true) }
  private func untrusted(_ text: String) -> RenderedRun { RenderedRun(text, isTrusted: false) }

  @Test func throughOperatorsAndFilters() throws {
    let c = "messages[0].content"
    #expect(try runs("{{ bos_token }}a{{ \(c) }}b") == [trusted("<s>a"), untrusted("uU"), trusted("b")])
    #expect(try runs("{{ 'a' + \(c) ~ 'b' }}") == [trusted("a"), untrusted("uU"), trusted("b")])
    #expect(try runs("{{ (' ' + \(c) + ' x ')|trim }}") == [untrusted("uU"), trusted(" x")])
    #expect(try runs("{{ ('a' + \(c) + 'b')|upper }}") == [trusted("A"), untrusted("UU"), trusted("B")])
    #expect(try runs("{{ ('a' + \(c))[1:] }}{{ ('a' + \(c))[:1] }}") == [untrusted("uU"), trusted("a")])
    #expect(try runs("{{ ('a' + \(c))[::-1] }}") == [untrusted("Uu"), trusted("a")])
    #expect(try runs("{{ [\(c), 'a']|join('-') }}") == [untrusted("uU"), trusted("-a")])
    #expect(try runs("{{ \(c)|replace('u', 't') }}") == [trusted("t"), untrusted("U")])
    #expect(try runs("{{ 'xyz'.replace('y', \(c)) }}") == [trusted("x"), untrusted("uU"), trusted("z")])
    #expect(try runs("{{ \(c).split('u')[1] }}{{ 'a' * 2 }}") == [untrusted("U"), trusted("aa")])
    #expect(try runs("{{ [\(c)] }}") == [trusted("['"), untrusted("uU"), trusted("']")])
    #expect(try runs("{{ messages[0]|tojson }}").filter { !$0.isTrusted } == [untrusted("uU")])
    #expect(try runs("{% set x %}a{{ \(c) }}{% endset %}{{ x }}") == [trusted("a"), untrusted("uU")])
    #expect(
      try runs("{% set n = namespace(x='a') %}{% set n.x = n.x + \(c) %}{{ n.x }}")
        == [trusted("a"), untrusted("uU")])
    #expect(try runs("{% for x in \(c) %}{{ x }}{% endfor %}") == [untrusted("uU")])
    #expect(try runs("{{ ('b' + \(c))|indent(1, true) }}") == [trusted(" b"), untrusted("uU")])
    #expect(try runs("{{ (\(c) ~ 'a') * 3 }}").map(\.text) == ["uU", "a", "uU", "a", "uU", "a"])
    #expect(try runs("{{ 'a'.ljust(2, \(c)) }}") == [trusted("a"), untrusted("uU")])
    #expect(try runs("{{ [1]|tojson(indent=\(c)) }}") == [trusted("[\n"), untrusted("uU"), trusted("1\n]")])
  }

  @Test func rolesOfAConversation() throws {
    #expect(try runs("<|{{ messages[0].role }}|>") == [trusted("<|user|>")])
    #expect(
      try runs("<|{{ messages[0].role }}|>", role: "im_end")
        == [trusted("<|"), untrusted("im_end"), trusted("|>")])
  }
}
