/// Regular expressions by which byte-level tokenizers cut text into words, as the `tokenizer.json` of several families have
/// them: what `tokenizer.ggml.pre` names.
///
/// Source: llama.cpp, `src/llama-vocab.cpp`, which quotes them.
package enum WordExpressions {
  package static let contraction = "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
  package static let spaces = #"\s*[\r\n]+|\s+(?!\S)|\s+"#
  /// Chinese characters and kana.
  package static let chinese = "[\u{4E00}-\u{9FA5}\u{3040}-\u{309F}\u{30A0}-\u{30FF}]+"

  /// Words with at most one sign before them, numbers apart, and signs with the line ends behind them.
  package static func grouped(
    _ numbers: String, prefix: String = contraction + "|", letters: String = #"\p{L}"#,
    signs: String = #" ?[^\s\p{L}\p{N}]+[\r\n]*"#
  ) -> String {
    #"\#(prefix)[^\r\n\p{L}\p{N}]?\#(letters)+|\#(numbers)|\#(signs)|\#(spaces)"#
  }

  /// `grouped` with words of letters and marks.
  package static func groupedWithMarks(_ numbers: String) -> String {
    grouped(numbers, letters: #"[\p{L}\p{M}]"#, signs: #" ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*"#)
  }

  /// `grouped` without line ends behind signs.
  package static func groupedWithoutLineEnds(_ numbers: String) -> String {
    grouped(numbers, signs: #" ?[^\s\p{L}\p{N}\r\n]+"#)
  }

  /// Words that are cut where a small letter is followed by a great one.
  package static func cased(_ numbers: String, suffix: String) -> String {
    let first = #"[^\r\n\p{L}\p{N}]?"#
    let (great, small) = (#"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]"#, #"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"#)
    return "\(first)\(great)*\(small)+\(suffix)|\(first)\(great)+\(small)*\(suffix)|\(numbers)"
      + #"| ?[^\s\p{L}\p{N}]+[\r\n/]*|"# + spaces
  }

  /// Words with their marks; a sign of ASCII may be followed by letters of ASCII.
  package static func marked(signs: String = #"[\r\n]*"#, spaces: String = spaces) -> String {
    ##"[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+"##
      + signs + "|" + spaces
  }
}
