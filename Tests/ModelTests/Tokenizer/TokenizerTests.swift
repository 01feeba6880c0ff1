import Testing

@testable import HeddleModels

@Suite struct TokenizerTests {
  private func byte(_ scalar: Unicode.Scalar) -> Int { Synthetic.byte(scalar) }

  @Test func mergesByRankThenFromTheLeft() throws {
    let tokenizer = try Synthetic.tokenizer()
    #expect(tokenizer.encode("hello", parseSpecial: false) == [Synthetic.merge("hell o")])
    #expect(
      tokenizer.encode("aaaaaaa", parseSpecial: false)
        == [Synthetic.merge("aa aa"), Synthetic.merge("a a"), byte("a")])
    // "ll o" merges only after "he ll", which "ll" alone cannot reach.
    #expect(tokenizer.encode("llo", parseSpecial: false) == [Synthetic.merge("l l"), byte("o")])
    #expect(tokenizer.encode("", parseSpecial: true) == [])
  }

  @Test func mergesStayWithinWords() throws {
    let tokenizer = try Synthetic.tokenizer()
    #expect(tokenizer.encode("   w", parseSpecial: false) == [Synthetic.merge("Ġ Ġ"), Synthetic.merge("Ġ w")])
    #expect(tokenizer.encode("é", parseSpecial: false) == [Synthetic.merge("Ã ©")])
    #expect(tokenizer.encode("12", parseSpecial: false) == [Synthetic.merge("1 2")])
    let digits = try Synthetic.tokenizer { $0.pretokenizer = "smollm" }
    #expect(digits.encode("12", parseSpecial: false) == [byte("1"), byte("2")])
  }

  @Test func longestSpecialTokenWins() throws {
    let tokenizer = try Synthetic.tokenizer()
    #expect(
      tokenizer.encode("<|a|>b<|ab|><|a|><|a", parseSpecial: true).prefix(3)
        == [Synthetic.special("<|a|>b"), Synthetic.special("<|ab|>"), Synthetic.special("<|a|>")])
    #expect(tokenizer.encode("<|a|>", parseSpecial: false).count == 5)
    for parseSpecial in [false, true] {
      #expect(
        tokenizer.encode("a<tool><|a|>", parseSpecial: parseSpecial).prefix(2) == [
          byte("a"), Synthetic.special("<tool>"),
        ])
    }
    #expect(tokenizer.specialID("<|ab|>") == Synthetic.special("<|ab|>"))
    #expect(tokenizer.specialID("<|ab|>x") == nil)
    #expect(tokenizer.specialID("hello") == nil)
  }

  @Test func addsBeginAndEnd() throws {
    let tokenizer = try Synthetic.tokenizer { $0.addBOS = true }
    let bos = Synthetic.special("<|a|>")
    #expect(tokenizer.encode("o", parseSpecial: false) == [bos, byte("o")])
    #expect(tokenizer.encode("o", parseSpecial: false, addBOS: false) == [byte("o")])
    #expect(tokenizer.encode("o", parseSpecial: false, addEOS: true) == [bos, byte("o"), bos + 1])
    #expect(try Synthetic.tokenizer { $0.pretokenizer = "llama-bpe" }.addsBOS)
    #expect(try !Synthetic.tokenizer().addsBOS)
  }

  @Test func wholeWordsOfLlama3() throws {
    let whole = try Synthetic.tokenizer {
      $0.pretokenizer = "llama-bpe"
      $0.tokens.append("world")
      $0.tokenTypes.append(1)
    }
    #expect(whole.encode("world", parseSpecial: false, addBOS: false) == [whole.count - 1])
  }

  @Test func bytesWithoutTokenAreLeftOut() throws {
    let tokenizer = try Synthetic.tokenizer { $0.tokens[Int(UInt8(ascii: "x"))] = "unreachable" }
    #expect(tokenizer.encode("hxello", parseSpecial: false) == [Synthetic.merge("hell o")])
    #expect(tokenizer.encode("x", parseSpecial: false) == [])
  }

  @Test func longWordsAreNotQuadratic() throws {
    let tokenizer = try Synthetic.tokenizer()
    let count = 200_000
    let start = ContinuousClock.now
    let ids = tokenizer.encode(String(repeating: "a", count: count), parseSpecial: true)
    #expect(ids == [Int](repeating: Synthetic.merge("aa aa"), count: count / 4))
    #expect(ContinuousClock.now - start < .seconds(30))
  }

  @Test func typesMayBeAbsent() throws {
    let tokenizer = try Synthetic.tokenizer { $0.tokenTypes = [] }
    #expect(tokenizer.encode("<|a|>", parseSpecial: true) == [Synthetic.special("<|a|>")])
    #expect(tokenizer.encode("<tool>", parseSpecial: true).count == 6)
    #expect(tokenizer.endOfGenerationIDs == [Synthetic.special("<|ab|>")])
  }

  /// What ends a turn is known by its spelling, whatever the file says of it, unless text may contain it.
  @Test func endsAreKnownBySpelling() throws {
    func tokenizer(_ tokens: [String], type: Int, merges: [String] = []) throws -> Tokenizer {
      try Synthetic.tokenizer {
        $0.merges += merges
        $0.tokens += tokens
        $0.tokenTypes += tokens.map { _ in type }
      }
    }
    let names = [
      "<|im_end|>", "<|eot_id|>", "<|eom_id|>", "<|end|>", "<|endoftext|>", "<|end_of_text|>", "<end_of_turn>", "</s>",
      "<EOT>", "<｜end▁of▁sentence｜>",
    ]
    let first = Synthetic.description.tokens.count
    for type in [1, 3, 4] {
      let named = try tokenizer(names, type: type)
      #expect(named.endOfGenerationIDs == Set([Synthetic.special("<|ab|>")] + (first..<first + names.count)))
      for (place, name) in names.enumerated() {
        #expect(named.encode(name, parseSpecial: true) == [first + place])
        #expect(named.encode(name, parseSpecial: false).count > 1, "\(name) in a message is text")
        #expect(try named.decode([first + place], skipSpecial: true) == "")
      }
    }
    let merged = try tokenizer(["</", "s>", "</s>"], type: 1, merges: ["< /", "s >", "</ s>"])
    #expect(merged.endOfGenerationIDs == [Synthetic.special("<|ab|>")])
    #expect(try merged.kind(of: merged.count - 1) == .normal)
    // A turn of several messages.
    let channels = try tokenizer(["<|end|>", "<|return|>", "<|call|>"], type: 3)
    #expect(!channels.endOfGenerationIDs.contains(first) && channels.endOfGenerationIDs.contains(first + 1))
  }
}
