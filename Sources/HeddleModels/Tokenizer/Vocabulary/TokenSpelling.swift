import HeddleText

/// How a vocabulary's file spells the bytes that its tokens stand for.
enum TokenSpelling: Sendable {
  /// Bytes as printable letters: see `ByteAlphabet`.
  case byteAlphabet
  /// Text, with U+2581 for each space; a token of kind `byte` is spelled `<0xNN>`.
  case markedSpaces
  /// Text, with U+2581 before a token that begins a word. Tokens keep the mark: a word may begin with another.
  case markedWords
  /// Text; a token of kind `byte` is spelled `<0xNN>`.
  case text
  /// Bytes as in a Python literal: `\n`, `\x00`.
  case escapes

  /// Appends the bytes that a token stands for. Special tokens are plain text in every spelling.
  ///
  /// - Returns: whether the token is spelled so. A few vocabularies of the byte alphabet have tokens in plain text among
  ///   the ordinary ones, which no text becomes.
  @discardableResult
  func append(_ token: UnsafeBufferPointer<UInt8>, _ kind: TokenKind, to bytes: inout [UInt8]) -> Bool {
    switch self {
    case _ where kind.isSpecial: bytes.append(contentsOf: token)
    case .byteAlphabet: return ByteAlphabet.appendBytes(spelledBy: token, to: &bytes)
    case .markedSpaces:
      if kind == .byte, let byte = Self.byte(spelledBy: token) {
        bytes.append(byte)
      } else {
        MarkedSpace.appendText(markedBy: token, to: &bytes)
      }
    case .text:
      if kind == .byte, let byte = Self.byte(spelledBy: token) {
        bytes.append(byte)
      } else {
        bytes.append(contentsOf: token)
      }
    case .markedWords: bytes.append(contentsOf: token)
    case .escapes: Self.appendUnescaped(token, to: &bytes)
    }
    return true
  }

  /// Whether a token of this kind may stand for text that is no special token. Byte pairs may be built of any token.
  func isOrdinary(_ kind: TokenKind) -> Bool {
    switch (self, kind) {
    case (.byteAlphabet, _), (.escapes, _): true
    case (_, .control), (_, .unknown), (_, .byte): false
    default: true
    }
  }

  /// The byte of `<0xNN>`.
  private static func byte(spelledBy token: UnsafeBufferPointer<UInt8>) -> UInt8? {
    guard token.count == 6, token.starts(with: "<0x".utf8), token[at: 5] == UInt8(ascii: ">"),
      let high = token[at: 3].flatMap(hexDigit), let low = token[at: 4].flatMap(hexDigit)
    else { return nil }
    return high << 4 | low
  }

  private static func hexDigit(_ letter: UInt8) -> UInt8? {
    switch letter {
    case 0x30...0x39: letter & 0x0F
    case 0x41...0x46, 0x61...0x66: (letter & 0x0F) &+ 9
    default: nil
    }
  }

  private static func appendUnescaped(_ token: UnsafeBufferPointer<UInt8>, to bytes: inout [UInt8]) {
    var index = 0
    while let letter = token[at: index] {
      index &+= 1
      guard letter == UInt8(ascii: "\\"), let escaped = token[at: index] else {
        bytes.append(letter)
        continue
      }
      index &+= 1
      switch escaped {
      case UInt8(ascii: "n"): bytes.append(0x0A)
      case UInt8(ascii: "r"): bytes.append(0x0D)
      case UInt8(ascii: "t"): bytes.append(0x09)
      case UInt8(ascii: "x"):
        var value: UInt8 = 0
        for digit in token.part(from: index, to: index &+ 2) { value = value << 4 | (hexDigit(digit) ?? 0) }
        bytes.append(value)
        index &+= 2
      default: bytes.append(escaped)
      }
    }
  }
}

/// U+2581, by which SentencePiece marks a space. Here texts and tokens hold plain spaces, so that what stands in the
/// vocabulary is what is decoded; text that holds the mark itself is taken for a space, as there.
enum MarkedSpace {
  static let bytes: [UInt8] = [0xE2, 0x96, 0x81]
  static let space: UInt8 = 0x20

  /// Appends text with a space for each mark.
  static func appendText(markedBy text: UnsafeBufferPointer<UInt8>, to result: inout [UInt8]) {
    var index = 0
    while let byte = text[at: index] {
      if byte == 0xE2, text[at: index &+ 1] == 0x96, text[at: index &+ 2] == 0x81 {
        result.append(space)
        index &+= 3
      } else {
        result.append(byte)
        index &+= 1
      }
    }
  }
}
