import Testing

@testable import HeddleModels

/// Stop texts in pieces of every cut.
@Suite struct StopMatcherTests {
  private func run(_ texts: [String], _ pieces: [String]) -> (text: String, isStopped: Bool) {
    var matcher = StopMatcher(texts.map { Array($0.utf8) })
    var bytes: [UInt8] = []
    for piece in pieces { bytes += matcher.append(piece.utf8) }
    return (String(decoding: bytes + matcher.finish(), as: UTF8.self), matcher.isStopped)
  }

  @Test func firstWholeTextStops() {
    for (texts, text, before) in [
      (["b"], "abc", "a"), (["abc"], "abc", ""), (["aab"], "aaaab", "aa"), (["abcd", "bc"], "abcd", "a"),
      (["bc", "abc"], "xabc", "x"), (["\n\n"], "a\nb\n\nc", "a\nb"), (["é"], "caf\u{E9}!", "caf"),
      (["abab"], "abaabab", "aba"),
      (["<|end|>", "<|eot|>"], "x<|e<|eot|>", "x<|e"), (["👋"], "a👋👋", "a"),
    ] {
      let all = Array(text.utf8)
      for cut in 0...all.count {
        for second in cut...all.count {
          var matcher = StopMatcher(texts.map { Array($0.utf8) })
          let bytes =
            matcher.append(all[..<cut]) + matcher.append(all[cut..<second]) + matcher.append(all[second...])
            + matcher.finish()
          #expect(
            String(decoding: bytes, as: UTF8.self) == before && matcher.isStopped, "\(texts) in \(text) at \(cut)")
        }
      }
    }
  }

  @Test func otherTextsPassWhole() {
    #expect(run(["abc", "xyz"], ["ab", "a", "bx", "y", "", "ab"]) == ("ababxyab", false))
    #expect(run([], ["ab", "c"]) == ("abc", false))
    #expect(run(["e\u{301}"], ["\u{E9}"]) == ("\u{E9}", false), "bytes are compared")
  }

  @Test func onlyAPossibleBeginningIsHeldBack() {
    var matcher = StopMatcher([Array("stop".utf8)])
    #expect(matcher.append("a st".utf8) == Array("a ".utf8))
    #expect(matcher.append("ars".utf8) == Array("star".utf8))
    #expect(matcher.append("top more".utf8) == [])
    #expect(matcher.isStopped && matcher.append("x".utf8) == [])
  }
}
