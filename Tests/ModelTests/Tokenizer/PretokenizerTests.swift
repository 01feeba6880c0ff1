import Testing

@testable import HeddleModels

/// Words of the rules' regular expressions, worked out by hand.
@Suite struct PretokenizerTests {
  private func words(_ text: String, _ name: String) throws -> [String] {
    let rule = try #require(Pretokenizer(name: name))
    let bytes = Array(text.utf8)
    var words: [String] = []
    bytes.withUnsafeBufferPointer { buffer in
      rule.forEachWord(in: buffer) { words.append(String(decoding: buffer[$0], as: UTF8.self)) }
    }
    #expect(words.joined() == text)
    return words
  }

  @Test func gpt2() throws {
    #expect(try words("I'll go, won't I'LL", "gpt-2") == ["I", "'ll", " go", ",", " won", "'t", " I", "'", "LL"])
    #expect(try words("a  b\n\n c ", "gpt-2") == ["a", " ", " b", "\n\n", " c", " "])
    #expect(try words("x 123  !?", "gpt-2") == ["x", " 123", " ", " !?"])
    #expect(try words("\t\tx\u{3000} y  ", "gpt-2") == ["\t", "\t", "x", "\u{3000}", " y", "  "])
  }

  @Test func digits() throws {
    #expect(try words("v12 34  5", "smollm") == ["v", "1", "2", " ", "3", "4", "  ", "5"])
    #expect(try words("½Ⅻ٣", "smollm") == ["½", "Ⅻ", "٣"])
  }

  @Test func grouped() throws {
    #expect(
      try words("12345 I'LL\n\n  (x)\r\n", "llama-bpe")
        == ["123", "45", " I", "'LL", "\n\n", " ", " (", "x", ")\r\n"])
    #expect(try words("12345", "qwen2") == ["1", "2", "3", "4", "5"])
    #expect(try words("\tx _y  \n z", "qwen2") == ["\tx", " _", "y", "  \n", " z"])
    #expect(try words("it'\u{17F}  ", "llama-bpe") == ["it", "'\u{17F}", "  "])
  }

  @Test func general() throws {
    #expect(try words("a+12345, b~", "default") == ["a", "+", "123", "45", ",", " b", "~"])
    #expect(try words(" 7é", "default") == [" ", "7", "é"])
  }
}
