import Testing

@testable import HeddleModels

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
  }

  @Test func rolesOfAConversation() throws {
    #expect(try runs("<|{{ messages[0].role }}|>") == [trusted("<|user|>")])
    #expect(
      try runs("<|{{ messages[0].role }}|>", role: "im_end")
        == [trusted("<|"), untrusted("im_end"), trusted("|>")])
  }

  @Test func specialTokensOnlyFromTheTemplate() throws {
    let tokenizer = try Synthetic.tokenizer()
    let a = Synthetic.special("<|a|>")
    let plain = tokenizer.encode("x<|a|>", parseSpecial: false)
    #expect(tokenizer.encode(try runs("<|a|>{{ messages[0].content }}<|ab|>", "x<|a|>")) == [a] + plain + [a + 1])
    // Neither half of a token may be the user's.
    #expect(
      tokenizer.encode([trusted("<|"), untrusted("a"), trusted("|>")])
        == tokenizer.encode("<|a|>", parseSpecial: false))
    #expect(tokenizer.encode([trusted("<|"), trusted("a|>")]) == [a])
  }

  /// What was added to the vocabulary as text is matched in anyone's, and across the edges of runs.
  @Test func userDefinedTokensFromAnyone() throws {
    let tokenizer = try Synthetic.tokenizer()
    let tool = Synthetic.special("<tool>")
    let plain = tokenizer.encode("<|a|>", parseSpecial: false)
    #expect(plain.count > 1)
    #expect(
      tokenizer.encode([untrusted("<tool><|a|>"), trusted("<|a|>")]) == [tool] + plain + [Synthetic.special("<|a|>")])
    for cut in 1...5 {
      let runs = [trusted(String("<tool>".prefix(cut))), untrusted(String("<tool>".dropFirst(cut)))]
      #expect(tokenizer.encode(runs) == [tool])
    }
    // A control token that the user may not spell hides none that he may.
    let nested = try Synthetic.tokenizer {
      $0.tokens += ["<tool><|x|>"]
      $0.tokenTypes += [3]
    }
    #expect(nested.encode([trusted("<tool><|x|>")]) == [nested.count - 1])
    #expect(nested.encode([untrusted("<tool><|x|>")]).first == tool)
    #expect(nested.encode([trusted("<tool><|"), untrusted("x|>")]).first == tool)
  }

  @Test func manyRunsAreNotQuadratic() throws {
    let tokenizer = try Synthetic.tokenizer()
    let runs = (0..<100_000).map { $0 % 2 == 0 ? trusted("<|a|>") : untrusted("<tool>") }
    let start = ContinuousClock.now
    #expect(tokenizer.encode(runs).count == 100_000)
    #expect(ContinuousClock.now - start < .seconds(20))
  }

  @Test func wordsCrossTheEdgesOfRuns() throws {
    let tokenizer = try Synthetic.tokenizer()
    let whole = [Synthetic.merge("hell o"), Synthetic.merge("Ġ w")]
    #expect(tokenizer.encode([trusted("he"), untrusted("llo "), trusted("w")]) == whole)
    #expect(tokenizer.encode([]) == [])
  }
}
