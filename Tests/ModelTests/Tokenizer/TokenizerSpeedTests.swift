import Foundation
import Heddle
import Testing

/// How long tokenizers take, beside Hugging Face's (`.ci/tokenizers`). Of optimized code, on a machine that does nothing else.
@Suite(.serialized) struct TokenizerSpeedTests {
  static let path = ProcessInfo.processInfo.environment["HEDDLE_TOKENIZER_SPEED"]

  struct Row: Decodable {
    var name: String
    /// A GGUF file.
    var path: String
    var kind: String
    var text: String
    /// Of tokenizers.
    var seconds: Double
    var count: Int
  }

  /// The least time of some turns, in seconds, and the number of tokens.
  private func time(_ text: String, _ tokenizer: Tokenizer, turns: Int = 5) -> (seconds: Double, count: Int) {
    var (least, count) = (Double.infinity, 0)
    for _ in 0..<turns {
      let taken = ContinuousClock().measure {
        count = tokenizer.encode(text, parseSpecial: false, addBOS: false, addEOS: false).count
      }
      least = min(least, taken / .seconds(1))
    }
    return (least, count)
  }

  @Test(.enabled(if: path != nil)) func `a megabyte takes at most twice the time of tokenizers`() throws {
    let rows = try JSONDecoder().decode([Row].self, from: Data(contentsOf: URL(filePath: #require(Self.path))))
    #expect(rows.count >= 20)
    for row in rows {
      let tokenizer = try Tokenizer(TokenizerDescription(ModelFile(path: row.path).metadata))
      let (seconds, count) = time(row.text, tokenizer)
      let ratio = (seconds / row.seconds).formatted(.number.precision(.fractionLength(2)))
      print("\(row.name), \(row.kind): \(ratio) of the time of tokenizers; \(count) tokens, \(row.count)")
      #expect(seconds <= 2 * row.seconds, "\(row.name), \(row.kind)")
    }
  }

  /// Four times as many letters, without a space, take less than eight times as long.
  @Test(.enabled(if: path != nil)) func `times grow as texts do`() throws {
    for name in VocabularyTests.names {
      let tokenizer = try VocabularyTests.tokenizer(name)
      for letter in ["a", " ", "1", "中", "\u{10FFF0}"] {
        let short = time(String(repeating: letter, count: 25_000), tokenizer).seconds
        let long = time(String(repeating: letter, count: 100_000), tokenizer).seconds
        #expect(long < 8 * max(short, 0.001), "\(name), '\(letter)': \(short) s, \(long) s")
      }
    }
  }
}
