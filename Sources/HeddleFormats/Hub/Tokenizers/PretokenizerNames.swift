import HeddleText

/// The names that GGUF files have in `tokenizer.ggml.pre` for what byte-level tokenizers do before they merge.
///
/// Source: the regular expressions of llama.cpp, `src/llama-vocab.cpp`, and the steps of the tokenizers that they stand for.
enum PretokenizerNames {
  private struct Entry {
    let name: String
    let cuts: [String]
    /// Whether a word that is a token is taken whole, whatever the merges say; nil where it is all one.
    var takesWholeWords: Bool? = false
    /// Whether text is composed first; nil where the name stands for both.
    var composes: Bool?
  }

  /// The name of the rules; nil for some that nobody has named.
  static func name(of cuts: [String], composes: Bool, takesWholeWords: Bool) -> String? {
    table.first {
      $0.cuts.elementsEqual(cuts, by: { $0.hasSameBytes(as: $1) })
        && $0.takesWholeWords ?? takesWholeWords == takesWholeWords && $0.composes ?? composes == composes
    }?.name
  }

  private typealias Words = WordExpressions
  private static let bytes = "ByteLevel"

  private static func split(_ expression: String) -> String { "Split /" + expression + "/ Isolated" }

  private static let table: [Entry] = [
    Entry(name: "olmo", cuts: ["ByteLevel words"], composes: true),
    Entry(name: "gpt-2", cuts: ["ByteLevel words"]),
    Entry(name: "command-r", cuts: ["Digits each", "ByteLevel words"], composes: true),
    Entry(name: "smollm", cuts: ["Digits each", "ByteLevel words"]),
    Entry(name: "llama-bpe", cuts: [split(Words.grouped(#"\p{N}{1,3}"#)), bytes], takesWholeWords: true),
    Entry(name: "dbrx", cuts: [split(Words.grouped(#"\p{N}{1,3}"#)), bytes]),
    Entry(name: "qwen2", cuts: [split(Words.grouped(#"\p{N}"#)), bytes], composes: true),
    Entry(name: "stablelm2", cuts: [split(Words.grouped(#"\p{N}"#)), bytes]),
    Entry(name: "qwen35", cuts: [split(Words.groupedWithMarks(#"\p{N}"#)), bytes]),
    Entry(name: "tekken", cuts: [split(Words.cased(#"\p{N}"#, suffix: "")), bytes], takesWholeWords: true),
    Entry(name: "gpt-4o", cuts: [split(Words.cased(#"\p{N}{1,3}"#, suffix: Words.contraction + "?")), bytes]),
    Entry(name: "seed-coder", cuts: [split(Words.groupedWithoutLineEnds(#"\p{N}{1}"#)), bytes]),
    Entry(
      name: "deepseek-coder",
      cuts: [
        split(#"[\r\n]"#), split(#"\s?\p{L}+"#), split(#"\s?\p{P}+"#), split("[一-龥ࠀ-一가-\u{D7FF}]+"), "Digits each",
        bytes,
      ]),
    Entry(name: "deepseek-v3", cuts: [split(#"\p{N}{1,3}"#), split(Words.chinese), split(Words.marked()), bytes]),
    Entry(
      name: "falcon",
      cuts: ["Punctuation Contiguous", "ByteLevel words", "Digits together", split("[0-9][0-9][0-9]")]),
    Entry(name: "bloom", cuts: [split(" ?[^(\\s|[.,!?…。，、।۔،])]+"), bytes]),
  ]
}
