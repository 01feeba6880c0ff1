import HeddleText

/// The rules that cut text into words before merging. Merges never cross a word's edge.
///
/// A rule is a list of cuts, each within the pieces of the one before it.
struct Pretokenizer: Sendable {
  /// What a rule has beside its cuts.
  struct Traits: OptionSet, Sendable {
    let rawValue: UInt8
    /// A word that is a token is taken whole, whatever the merges say.
    static let wholeWords = Traits(rawValue: 1)
    /// A sequence begins with the BOS token where the file does not say.
    static let bos = Traits(rawValue: 2)
    /// The vocabulary is one of text with marked spaces, not of the byte alphabet.
    static let markedSpaces = Traits(rawValue: 4)
    /// A run of newlines that is a token is taken whole.
    static let wholeNewlines = Traits(rawValue: 8)
    /// Each line begins with a space, which is put there where it is missing.
    static let lineSpaces = Traits(rawValue: 16)
    /// Text is brought into the composed form NFC first.
    static let composed = Traits(rawValue: 32)
  }

  enum Cut: Sendable {
    case pattern(Pattern)
    case digitGroups(DigitGroups)
  }

  private let cuts: [Cut]
  let traits: Traits

  /// No rules: a text is one word.
  static let uncut = Pretokenizer()

  private init() { (cuts, traits) = ([], []) }

  /// The cutter of a GGUF file's `tokenizer.ggml.pre`, or nil for a name nobody taught us.
  init?(name: String) {
    guard let family = Self.families.first(where: { $0.names.contains { $0.utf8.elementsEqual(name.utf8) } }) else {
      return nil
    }
    var cuts: [Cut] = []
    for cut in family.cuts {
      guard let compiled = cut.compiled else { return nil }
      cuts.append(compiled)
    }
    self.cuts = cuts
    traits = family.traits
  }

  static var names: [String] { families.flatMap(\.names) }

  /// Calls `body` with the range of bytes of each word of `text`, in order. The ranges cover the text.
  func forEachWord(in text: UnsafeBufferPointer<UInt8>, _ body: (Range<Int>) -> Void) {
    let text = ScalarText(text)
    var ends = [text.count]
    var scratch = Pattern.Scratch()
    for cut in cuts {
      var finer: [Int] = []
      var start = 0
      for end in ends {
        let piece = start..<max(start, end)
        switch cut {
        case .pattern(let pattern): pattern.cut(text, piece, &scratch, into: &finer)
        case .digitGroups(let groups): groups.cut(text, piece, into: &finer)
        }
        start = end
      }
      ends = finer
    }
    var start = 0
    for end in ends {
      if let first = text.offsets[at: start], let last = text.offsets[at: end] { body(first..<max(first, last)) }
      start = end
    }
  }
}
