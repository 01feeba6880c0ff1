import Heddle
import TestSupport
import Testing

@testable import HeddleModels

/// What each algorithm does, in vocabularies of a few tokens.
@Suite struct TokenizerModelTests {
  /// Tokens with their scores and kinds, in order.
  private func description(
    _ model: String, _ tokens: [(text: String, score: Float, kind: TokenKind)]
  ) -> TokenizerDescription {
    TokenizerDescription(
      model: model, tokens: tokens.map(\.text), merges: [], scores: tokens.map(\.score),
      tokenTypes: tokens.map(\.kind.rawValue), bosID: 1, eosID: 2, unknownID: 0)
  }

  private var pieces: [(text: String, score: Float, kind: TokenKind)] {
    [
      ("<unk>", 0, .unknown), ("<s>", 0, .control), ("</s>", 0, .control), ("▁", -9, .normal), ("a", -9, .normal),
      ("b", -9, .normal), ("aa", -2, .normal), ("ab", -1, .normal), ("▁a", -3, .normal), ("<x>", 0, .userDefined),
    ]
  }

  @Test func `the greatest score merges first, then the leftmost`() throws {
    let tokenizer = try Tokenizer(description("llama", pieces))
    func ids(_ text: String) -> [Int] { tokenizer.encode(text, parseSpecial: false) }
    #expect(ids("") == [1])
    #expect(ids("aaaab") == [1, 3, 6, 4, 7])
    #expect(ids("aaa") == [1, 3, 6, 4])
    // A mark in the text is a space.
    #expect(ids("a▁a") == ids("a a"))
    // Runs of what has no token are one unknown token; control tokens are none in text.
    #expect(ids("éüa") == [1, 3, 0, 4])
    #expect(ids("<s>a") == [1, 3, 0, 4])
    #expect(tokenizer.encode("<s>a", parseSpecial: true) == [1, 1, 8])
    // A text of its own begins behind a token that is found whole.
    #expect(ids("a<x>a") == [1, 8, 9, 8])
  }

  @Test func `bytes stand for what has no token`() throws {
    let bytes = (0..<256).map { (text: "<0x" + hexadecimal($0) + ">", score: Float(0), kind: TokenKind.byte) }
    let tokenizer = try Tokenizer(description("llama", pieces + bytes))
    let ids = tokenizer.encode("é\0", parseSpecial: false, addBOS: false)
    #expect(ids == [3, 10 + 0xC3, 10 + 0xA9, 10])
    #expect(try tokenizer.decode(ids, skipSpecial: false) == "é\0")
    // The spelling of a byte is text.
    #expect(tokenizer.encode("<0x41>", parseSpecial: true, addBOS: false).count == 7)
  }

  private func hexadecimal(_ value: Int) -> String {
    (value < 16 ? "0" : "") + String(value, radix: 16, uppercase: true)
  }

  @Test func `the space before a text is not decoded`() throws {
    let tokenizer = try Tokenizer(description("llama", pieces))
    let ids = tokenizer.encode("a b", parseSpecial: false)
    #expect(try tokenizer.decode(ids, skipSpecial: true) == "a b")
    #expect(try tokenizer.decode(ids, skipSpecial: true, goesOn: true) == " a b")
    #expect(try tokenizer.decode([3, 3, 4], skipSpecial: true) == " a")
    for goesOn in [false, true] {
      var decoder = tokenizer.makeDecoder(skipSpecial: true, goesOn: goesOn)
      var text = ""
      for id in ids { text += try decoder.append(id) }
      #expect(text + decoder.finish() == (goesOn ? " a b" : "a b"))
    }
    let bare = try Tokenizer(changed(description("llama", pieces)) { $0.addSpacePrefix = false })
    #expect(bare.encode(" a", parseSpecial: false) == [1, 8])
    #expect(try bare.decode([8], skipSpecial: true) == " a")
  }

  private func changed(
    _ description: TokenizerDescription, _ change: (inout TokenizerDescription) -> Void
  ) -> TokenizerDescription {
    var description = description
    change(&description)
    return description
  }

  @Test func `the likeliest way is taken`() throws {
    let tokenizer = try Tokenizer(description("t5", pieces))
    #expect(tokenizer.encode("aab", parseSpecial: false) == [8, 7, 2])
    #expect(tokenizer.encode("aé", parseSpecial: false, addEOS: false) == [8, 0])
    // What has no token costs ten more than the least likely one.
    for (score, ids) in [(9, [2, 4]), (11, [2, 0, 3])] as [(Float, [Int])] {
      let tokens: [(text: String, score: Float, kind: TokenKind)] = [
        ("<unk>", 0, .unknown), ("</s>", 0, .control), ("▁", 0, .normal), ("b", score, .normal),
        ("ab", -5, .normal),
      ]
      let tokenizer = try Tokenizer(description("t5", tokens))
      #expect(tokenizer.encode("ab", parseSpecial: false, addEOS: false) == ids)
    }
    let extra = try Tokenizer(changed(description("t5", pieces)) { $0.removeExtraWhitespaces = true })
    #expect(extra.encode("  ", parseSpecial: false) == [2])
    #expect(extra.encode("  a   b  ", parseSpecial: false) == [8, 3, 5, 2])
  }

  @Test func `words are cut into the longest pieces`() throws {
    let tokens = ["[UNK]", "[CLS]", "[SEP]", "▁he", "llo", "l", "▁!", "▁中", "▁hell", "o"]
    let types = tokens.indices.map { $0 < 3 ? 3 : 1 }
    let bert = TokenizerDescription(
      model: "bert", tokens: tokens, merges: [], tokenTypes: types, bosID: 1, separatorID: 2, unknownID: 0)
    let tokenizer = try Tokenizer(bert)
    #expect(tokenizer.encode("Hĕllo\u{0}!中x", parseSpecial: false) == [1, 8, 9, 6, 7, 0, 2])
    #expect(try tokenizer.decode([8, 9, 6], skipSpecial: true) == "hello !")
    // A mark in a word begins none.
    #expect(tokenizer.encode("hello▁he", parseSpecial: false) == [1, 0, 2])
    let cased = try Tokenizer(changed(bert) { $0.lowercase = false })
    #expect(cased.encode("Hello hello hĕllo", parseSpecial: false, addBOS: false, addEOS: false) == [0, 8, 9, 0])
    let word = String(repeating: "l", count: 99)
    #expect(tokenizer.encode("he" + word, parseSpecial: false, addBOS: false, addEOS: false) == [0])
  }

  @Test func `at each place the longest token`() throws {
    let tokens = ["<s>", #"\n"#, #"\xe4\xb8\xad"#, "a", "ab", "ab ", #"\\"#, #"\x00"#]
    let tokenizer = try Tokenizer(TokenizerDescription(model: "rwkv", tokens: tokens, merges: []))
    let ids = tokenizer.encode("abab a\n中\\\0?", parseSpecial: false)
    #expect(ids == [4, 5, 3, 1, 2, 6, 7])
    #expect(try tokenizer.decode(ids, skipSpecial: false) == "abab a\n中\\\0")
  }

  @Test func `text is composed where a rule or the description says so`() throws {
    let decomposed = "e\u{301}"
    for (name, flag, isComposed) in [
      ("qwen2", nil, true), ("qwen35", nil, false), ("gpt-2", true, true), ("qwen2", false, false),
    ] {
      let tokenizer = try Synthetic.tokenizer { ($0.pretokenizer, $0.normalizesToNFC) = (name, flag) }
      let ids = tokenizer.encode(decomposed, parseSpecial: false)
      #expect((ids == [Synthetic.merge("Ã ©")]) == isComposed, "\(name)")
    }
  }

  @Test func `special tokens take white space with them`() throws {
    let (a, tool) = (Synthetic.special("<|a|>"), Synthetic.special("<tool>"))
    let tokenizer = try Synthetic.tokenizer { $0.spaceTakers = SpaceTakers(before: [tool], after: [a]) }
    #expect(tokenizer.encode("<|a|> \nx \t<tool> y", parseSpecial: true) == [a, 0x78, tool, 0x20, 0x79])
    #expect(tokenizer.encode("<|a|>  ", parseSpecial: true) == [a])
  }

  /// Any bytes behind a count that fits: nothing leads out of them, and nothing runs on.
  @Test func `a damaged map of characters matches nothing it does not hold`() throws {
    var generator = SplitMix64(seed: 7)
    let text = Array("abc é中 \u{1F600}".utf8)
    for round in 0..<2000 {
      let units = Int(generator.next() % 40) + 1
      var bytes: [UInt8] = [UInt8(units * 4), 0, 0, 0]
      for _ in 0..<units * 4 {
        bytes.append(round % 2 == 0 ? UInt8(generator.next() & 0xFF) : text[Int(generator.next() % 12)])
      }
      bytes += [0x78, 0]
      let map = try CharacterMap(bytes)
      var result: [UInt8] = []
      text.withUnsafeBufferPointer { map.appendReplacement(of: $0, to: &result) }
      #expect(result.count <= text.count * 2)
    }
  }

  /// Its second unit is its own child, and has a value: 0x60 is where that leads.
  @Test func `a map of characters that leads back to itself is left`() throws {
    var units = [UInt32](repeating: 0, count: 0x61)
    let a = UInt32(UInt8(ascii: "a"))
    (units[0], units[1]) = ((a ^ 1) << 10, a << 10 | 0x100 | a)
    let bytes = units.flatMap { unit in stride(from: 0, to: 32, by: 8).map { UInt8(truncatingIfNeeded: unit >> $0) } }
    let map = try CharacterMap([UInt8(bytes.count & 0xFF), UInt8(bytes.count >> 8), 0, 0] + bytes + [0x78, 0])
    let text = [UInt8](repeating: UInt8(ascii: "a"), count: 100_000)
    var result: [UInt8] = []
    text.withUnsafeBufferPointer { map.appendReplacement(of: $0, to: &result) }
    #expect(Set(result) == [0x78])
    // No match, and so no search, is longer than all units.
    #expect(result.count >= text.count / units.count)
  }

  /// Without a space, and with nothing else.
  @Test(.timeLimit(.minutes(2))) func `long texts take a time near their length`() throws {
    let count = 100_000
    for name in VocabularyTests.names {
      let tokenizer = try VocabularyTests.tokenizer(name)
      for letter in ["a", " ", "1", "中", "\u{10FFF0}"] {
        _ = tokenizer.encode(String(repeating: letter, count: count), parseSpecial: false)
      }
    }
  }

  @Test(.timeLimit(.minutes(2))) func `no rule goes over a text again and again`() throws {
    let count = 20_000
    for family in Pretokenizer.families {
      let rule = try #require(Pretokenizer(name: family.names.first ?? ""))
      for (run, end) in [
        (" ", "中"), ("A", "1"), ("\n", "x"), ("'", ""), ("1", "½"), (" a", "-"), ("\u{301}", "\u{200D}"),
      ] {
        let bytes = Array((String(repeating: run, count: count) + end).utf8)
        var last = 0
        bytes.withUnsafeBufferPointer { buffer in
          rule.forEachWord(in: buffer) {
            #expect($0.lowerBound == last)
            last = $0.upperBound
          }
        }
        #expect(last == bytes.count)
      }
    }
  }

  @Test func `what is no expression is refused`() {
    for text in [
      "(", ")", "a)", "[a", "a{", "a{2", "a{3,2}", "*", "(?<a>b)", "\\p{Xx}", "\\q", "(a*)*", "(a|b)+", "(?=ab)",
    ] {
      #expect(Pattern(text) == nil, "\(text)")
    }
  }
}
