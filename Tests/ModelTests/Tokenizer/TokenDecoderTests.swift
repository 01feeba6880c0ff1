import Heddle
import Testing

@testable import HeddleModels

@Suite struct TokenDecoderTests {
  @Test func holdsBackIncompleteCharacters() throws {
    var decoder = try Synthetic.tokenizer().makeDecoder(skipSpecial: false)
    var pieces: [String] = []
    for byte in "a€😀".utf8 { pieces.append(try decoder.append(Int(byte))) }
    #expect(pieces == ["a", "", "", "€", "", "", "", "😀"])
    #expect(decoder.finish() == "")
    #expect(try decoder.append(0xE2) == "")
    #expect(decoder.finish() == "\u{FFFD}")
  }

  @Test func malformedBytesAppearAtOnce() throws {
    var decoder = try Synthetic.tokenizer().makeDecoder(skipSpecial: false)
    #expect(try decoder.append(0xFF) == "\u{FFFD}")
    #expect(try decoder.append(0x80) == "\u{FFFD}")
    #expect(try decoder.append(0xE2) == "")
    #expect(try decoder.append(0x41) == "\u{FFFD}A")
  }

  @Test func skipsControlTokens() throws {
    let tokenizer = try Synthetic.tokenizer()
    let ids = [0x61, Synthetic.special("<|a|>"), Synthetic.special("<tool>"), Synthetic.merge("Ġ w")]
    #expect(try tokenizer.decode(ids, skipSpecial: true) == "a<tool> w")
    #expect(try tokenizer.decode(ids, skipSpecial: false) == "a<|a|><tool> w")
    #expect(try tokenizer.bytes(of: Synthetic.merge("Ã ©")) == [0xC3, 0xA9])
    #expect(try tokenizer.kind(of: Synthetic.special("<tool>")) == .userDefined)
  }

  /// Random bytes, with leads and continuations likely: pieces together are the whole.
  @Test func streamEqualsWhole() throws {
    let tokenizer = try Synthetic.tokenizer()
    var generator = SplitMix64(seed: 1)
    let likely = [0x41, 0x80, 0x9F, 0xA0, 0xBF, 0xC0, 0xC2, 0xDF, 0xE0, 0xE2, 0xED, 0xEF, 0xF0, 0xF1, 0xF4, 0xF5]
    for _ in 0..<5000 {
      let ids = (0..<8).map { _ in likely[Int(generator.next() >> 60)] }
      var decoder = tokenizer.makeDecoder(skipSpecial: true)
      var text = ""
      for id in ids { text += try decoder.append(id) }
      text += decoder.finish()
      #expect(Array(text.unicodeScalars) == Array(try tokenizer.decode(ids, skipSpecial: true).unicodeScalars))
    }
  }
}
