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

  private static let contractions = "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
  private static let spaces = #"\s*[\r\n]+|\s+(?!\S)|\s+"#

  /// Letters with what stands before them, so many digits, signs with line ends.
  private static func grouped(_ digits: String, signs: String = #" ?[^\s\p{L}\p{N}]+[\r\n]*"#) -> String {
    #"Split /\#(contractions)|[^\r\n\p{L}\p{N}]?\p{L}+|\#(digits)|\#(signs)|\#(spaces)/ Isolated"#
  }

  /// Words whose great and small letters are told apart.
  private static func cased(_ digits: String, _ suffix: String) -> String {
    let start = #"[^\r\n\p{L}\p{N}]?"#
    let (great, small) = (#"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]"#, #"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"#)
    return "Split /\(start)\(great)*\(small)+\(suffix)|\(start)\(great)+\(small)*\(suffix)|\(digits)"
      + #"| ?[^\s\p{L}\p{N}]+[\r\n/]*|"# + spaces + "/ Isolated"
  }

  private static let bytes = "ByteLevel"
  private static let marks = ##"""
    Split /[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\##(spaces)/ Isolated
    """##

  private static let table: [Entry] = [
    Entry(name: "olmo", cuts: ["ByteLevel words"], composes: true),
    Entry(name: "gpt-2", cuts: ["ByteLevel words"]),
    Entry(name: "command-r", cuts: ["Digits each", "ByteLevel words"], composes: true),
    Entry(name: "smollm", cuts: ["Digits each", "ByteLevel words"]),
    Entry(name: "llama-bpe", cuts: [grouped(#"\p{N}{1,3}"#), bytes], takesWholeWords: true),
    Entry(name: "dbrx", cuts: [grouped(#"\p{N}{1,3}"#), bytes]),
    Entry(name: "qwen2", cuts: [grouped(#"\p{N}"#), bytes], composes: true),
    Entry(name: "stablelm2", cuts: [grouped(#"\p{N}"#), bytes]),
    Entry(
      name: "qwen35",
      cuts: [
        #"Split /\#(contractions)|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|\#(spaces)/ Isolated"#,
        bytes,
      ]),
    Entry(name: "tekken", cuts: [cased(#"\p{N}"#, ""), bytes], takesWholeWords: true),
    Entry(name: "gpt-4o", cuts: [cased(#"\p{N}{1,3}"#, contractions + "?"), bytes]),
    Entry(
      name: "seed-coder",
      cuts: [grouped(#"\p{N}{1}"#, signs: #" ?[^\s\p{L}\p{N}\r\n]+"#), bytes]),
    Entry(
      name: "deepseek-coder",
      cuts: [
        #"Split /[\r\n]/ Isolated"#, #"Split /\s?\p{L}+/ Isolated"#, #"Split /\s?\p{P}+/ Isolated"#,
        "Split /[一-龥ࠀ-一가-\u{D7FF}]+/ Isolated", "Digits each", bytes,
      ]),
    Entry(
      name: "deepseek-v3",
      cuts: [#"Split /\p{N}{1,3}/ Isolated"#, "Split /[一-龥\u{3040}-ゟ゠-ヿ]+/ Isolated", marks, bytes]),
    Entry(
      name: "falcon",
      cuts: ["Punctuation Contiguous", "ByteLevel words", "Digits together", "Split /[0-9][0-9][0-9]/ Isolated"]),
    Entry(name: "bloom", cuts: ["Split / ?[^(\\s|[.,!?…。，、।۔،])]+/ Isolated", bytes]),
  ]
}
