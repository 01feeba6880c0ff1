import HeddleText

/// Turns ids into text as they come. A character whose bytes are spread over several tokens appears when it is whole.
///
/// All texts together are what `Tokenizer.decode` gives for all ids.
public struct TokenDecoder: Sendable {
  private let tokenizer: Tokenizer
  private let skipSpecial: Bool
  /// The beginning of a character, at most three bytes.
  private var pending: [UInt8] = []

  private var prefix: SpacePrefix

  init(_ tokenizer: Tokenizer, skipSpecial: Bool, goesOn: Bool) {
    self.tokenizer = tokenizer
    self.skipSpecial = skipSpecial
    prefix = SpacePrefix(isExpected: tokenizer.hasSpacePrefix && !goesOn)
  }

  /// The text that `id` completes; empty while a character lacks bytes.
  public mutating func append(_ id: Int) throws(TokenizerError) -> String {
    append(prefix.removed(from: try tokenizer.bytes(of: id, skipSpecial: skipSpecial)))
  }

  /// The text that these bytes complete.
  mutating func append(_ bytes: some Sequence<UInt8>) -> String {
    pending.append(contentsOf: bytes)
    let end = pending.count &- Self.incompleteSuffix(of: pending)
    let text = String(decoding: pending.part(from: 0, to: end), as: UTF8.self)
    pending = Array(pending.part(from: end))
    return text
  }

  /// What is left at the end: U+FFFD for a character that stayed incomplete.
  public mutating func finish() -> String {
    defer { pending.removeAll() }
    return String(decoding: pending, as: UTF8.self)
  }

  /// How many bytes at the end begin a character that further bytes could complete.
  static func incompleteSuffix(of bytes: [UInt8]) -> Int {
    for length in 1...3 where length <= bytes.count {
      let suffix = bytes.suffix(length)
      guard let lead = suffix.first, lead & 0xC0 != 0x80 else { continue }
      let second: ClosedRange<UInt8>
      let width: Int
      switch lead {
      case 0xC2...0xDF: (width, second) = (2, 0x80...0xBF)
      case 0xE0: (width, second) = (3, 0xA0...0xBF)
      case 0xED: (width, second) = (3, 0x80...0x9F)
      case 0xE1...0xEF: (width, second) = (3, 0x80...0xBF)
      case 0xF0: (width, second) = (4, 0x90...0xBF)
      case 0xF1...0xF3: (width, second) = (4, 0x80...0xBF)
      case 0xF4: (width, second) = (4, 0x80...0x8F)
      default: return 0
      }
      guard length < width else { return 0 }
      return suffix.dropFirst().first.map(second.contains) ?? true ? length : 0
    }
    return 0
  }
}
