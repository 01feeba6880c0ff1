import HeddleText

/// The kinds of tokens in `tokenizer.ggml.token_type`.
enum TokenKinds {
  static let normal: Int32 = 1, unknown: Int32 = 2, control: Int32 = 3, userDefined: Int32 = 4, unused: Int32 = 5
  static let byte: Int32 = 6

  /// `<0xNN>`: a byte to fall back to.
  static func isByte(_ token: String) -> Bool {
    let bytes = Array(token.utf8)
    guard bytes.count == 6, bytes.starts(with: "<0x".utf8), bytes.last == UInt8(ascii: ">") else { return false }
    return bytes.part(from: 3, to: 5).allSatisfy {
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || (UInt8(ascii: "A")...UInt8(ascii: "F")).contains($0)
        || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
    }
  }

  /// Whether a token is one of those that models use as signs, though their files do not call them special.
  static func looksSpecial(_ token: String) -> Bool {
    if known.contains(token) { return true }
    return [("<|", "|>"), ("<｜", "｜>"), ("<unused", ">")].contains { token.hasPrefix($0.0) && token.hasSuffix($0.1) }
  }

  private static let known: NameSet = ["<pad>", "<mask>", "<2mass>", "[@BOS@]"]
}
