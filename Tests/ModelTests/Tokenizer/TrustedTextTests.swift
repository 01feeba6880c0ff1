import ChatTemplates
import HeddleModels
import Testing

/// Tokens that steer a model are recognised in what its template wrote, not in what came with a message.
@Suite struct TrustedTextTests {
  private func trusted(_ text: String) -> RenderedRun { RenderedRun(text, isTrusted: true) }
  private func untrusted(_ text: String) -> RenderedRun { RenderedRun(text, isTrusted: false) }

  @Test func specialTokensOnlyFromTheTemplate() throws {
    let tokenizer = try Synthetic.tokenizer()
    let a = Synthetic.special("<|a|>")
    let plain = tokenizer.encode("x<|a|>", parseSpecial: false)
    let runs = try ChatTemplate("<|a|>{{ messages[0].content }}<|ab|>").render(
      messages: [ChatMessage(role: .user, content: "x<|a|>")], addGenerationPrompt: true)
    #expect(tokenizer.encode(runs) == [a] + plain + [a + 1])
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
