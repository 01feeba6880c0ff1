import HeddleText

/// What a Unigram tokenizer does to text before: SentencePiece's table of replacements, fewer spaces, marks for spaces.
struct UnigramSteps {
  /// Entries, by the ends of their keys.
  private(set) var entries: [(name: String, value: GGUFValue)] = []

  init(_ json: TokenizerJSON, _ steps: TextSteps) throws(HubTokenizerDefect) {
    var removesSpaces = false
    for line in steps.normalizers {
      switch line {
      case "Precompiled": entries.append(("precompiled_charsmap", .array(.uint8(try Self.charactersMap(json)))))
      case "Replace / {2,}/ by ' '", "Replace / {2,}/ by '▁'": removesSpaces = true
      case "Strip": removesSpaces = true
      default: throw .unknownNormalizer(steps.normalizers.joined(separator: ", "))
      }
    }
    let cuts = steps.cuts.filter { !$0.hasSameBytes(as: "WhitespaceSplit") }
    removesSpaces = removesSpaces || cuts.count < steps.cuts.count
    guard cuts.count == 1, let cut = cuts.first, cut.hasPrefix("Metaspace '▁' ") else {
      throw .unknownPretokenizer(steps.cuts.isEmpty ? "none" : steps.cuts.joined(separator: ", "))
    }
    entries.append(("add_space_prefix", .bool(!cut.hasPrefix("Metaspace '▁' never"))))
    entries.append(("remove_extra_whitespaces", .bool(removesSpaces)))
  }

  /// The table of the first `Precompiled` step, which is base64.
  private static func charactersMap(_ json: TokenizerJSON) throws(HubTokenizerDefect) -> [UInt8] {
    var waiting = json.fields["normalizer"].map { [$0] } ?? []
    while let step = waiting.popLast() {
      waiting += (step["normalizers"]?.array ?? []).reversed()
      guard step["type"]?.string == "Precompiled" else { continue }
      // Without a table nothing is replaced.
      guard let text = step["precompiled_charsmap"]?.string else { return [] }
      guard let bytes = Self.decoded(text) else { throw .malformedCharacterMap }
      return bytes
    }
    return []
  }

  /// The bytes of base64 (RFC 4648); nil for what is none.
  private static func decoded(_ text: String) -> [UInt8]? {
    var bytes: [UInt8] = []
    var (bits, count, padding) = (UInt32(0), 0, 0)
    for character in text.utf8 {
      if character == UInt8(ascii: "=") {
        padding &+= 1
        continue
      }
      guard padding == 0, let value = value(of: character) else { return nil }
      bits = bits << 6 | UInt32(value)
      count &+= 6
      if count >= 8 {
        count &-= 8
        bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(truncatingIfNeeded: count)))
      }
    }
    return padding <= 2 ? bytes : nil
  }

  private static func value(of character: UInt8) -> UInt8? {
    switch character {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): character &- UInt8(ascii: "A")
    case UInt8(ascii: "a")...UInt8(ascii: "z"): character &- UInt8(ascii: "a") &+ 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): character &- UInt8(ascii: "0") &+ 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}
