import HeddleText

/// The rules that cut text into words before merging. Merges never cross a word's edge.
///
/// Each case is a regular expression (or several, applied one within the pieces of the other) of the model families,
/// written as a scanner that visits each scalar a bounded number of times:
///
///   gpt2      's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
///   digits    \p{N}, then gpt2
///   grouped   (?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,n}| ?[^\s\p{L}\p{N}]+[\r\n]*
///             |\s*[\r\n]+|\s+(?!\S)|\s+        with n = 3 for Llama 3, n = 1 for Qwen 2
///   general   [\p{P}$+<=>^~|]+, then gpt2, then \p{N}+, then [0-9][0-9][0-9]
///
/// Text is taken as it is: the normalization to NFC that some families ask for is the caller's.
enum Pretokenizer: Hashable, Sendable {
  case gpt2
  case digits
  case grouped(digits: Int)
  case general

  /// The cutter of a GGUF file's `tokenizer.ggml.pre`, or nil for a name nobody taught us.
  init?(name: String) {
    guard let entry = Self.table.first(where: { $0.names.contains(name) }) else { return nil }
    self = entry.rule
  }

  static var names: [String] { table.flatMap(\.names) }

  /// Whether models of this family take a word that is a token whole, whatever the merges say.
  static func takesWholeWords(_ name: String) -> Bool { llama3.contains(name) }

  /// Whether models of this family begin a sequence with the BOS token when their file does not say.
  static func addsBOS(_ name: String) -> Bool { llama3.contains(name) }

  private static let llama3 = ["llama-bpe", "llama3", "llama-v3", "falcon3"]

  private static let table: [(names: [String], rule: Pretokenizer)] = [
    (["smollm", "starcoder", "refact", "command-r", "codeshell", "exaone", "minerva-7b"], .digits),
    (["gpt-2", "phi-2", "olmo", "jais", "mpt", "trillion", "granite-docling"], .gpt2),
    (llama3 + ["dbrx", "smaug-bpe", "chatglm-bpe", "glm4"], .grouped(digits: 3)),
    (["qwen2", "stablelm2", "deepseek-r1-qwen", "hunyuan", "megrez"], .grouped(digits: 1)),
    (["default"], .general),
  ]

  /// Calls `body` with the range of bytes of each word of `text`, in order. The ranges cover the text.
  func forEachWord(in text: UnsafeBufferPointer<UInt8>, _ body: (Range<Int>) -> Void) {
    let text = ScalarText(text)
    let whole = 0..<text.count
    func emit(_ word: Range<Int>) {
      guard let start = text.offsets[at: word.lowerBound], let end = text.offsets[at: word.upperBound] else { return }
      body(start..<max(start, end))
    }
    switch self {
    case .gpt2: text.cut(whole, by: text.gpt2Word, emit)
    case .digits: text.cut(whole, by: text.digitOrRest) { text.cut($0, by: text.gpt2Word, emit) }
    case .grouped(let digits): text.cut(whole, by: { text.groupedWord(at: $0, limit: $1, digits: digits) }, emit)
    case .general:
      text.cut(whole, by: text.punctuationOrRest) { piece in
        text.cut(piece, by: text.gpt2Word) { word in
          text.cut(word, by: text.numbersOrRest) { text.cut($0, by: text.threeDigitsOrRest, emit) }
        }
      }
    }
  }
}
