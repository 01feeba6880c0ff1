import HeddleText

/// The alphabet in which byte-level BPE files spell bytes: printable Latin-1 stands for itself, every other byte for
/// a letter from U+0100 on, so that a token is always readable text. A space is `Ġ`, a newline `Ċ`.
enum ByteAlphabet {
  /// The scalars of bytes 0 to 255.
  static let scalars: [UInt32] = {
    var next: UInt32 = 0x100
    return (UInt32(0)...255).map { byte in
      switch byte {
      case 0x21...0x7E, 0xA1...0xAC, 0xAE...0xFF: return byte
      default:
        defer { next &+= 1 }
        return next
      }
    }
  }()

  /// The byte of each scalar below U+0144, or -1.
  private static let bytes: [Int16] = {
    var table = [Int16](filled: -1, count: 0x144)  // Traps: never (clamped-count).
    for (byte, scalar) in scalars.enumerated() {
      table.update(at: Int(scalar)) { $0 = Int16(truncatingIfNeeded: byte) }
    }
    return table
  }()

  /// Appends the bytes that `text` (valid UTF-8) spells. When a scalar is not of the alphabet, `text` is not spelled
  /// in it and stands for itself: its own UTF-8 is appended and the result is false.
  @discardableResult
  static func appendBytes(spelledBy text: UnsafeBufferPointer<UInt8>, to result: inout [UInt8]) -> Bool {
    let start = result.count
    var index = 0
    while index < text.count {
      var scalar = Int(text[index])
      index += 1
      if scalar >= 0x80 {
        // Every multi-byte scalar of the alphabet takes two bytes of UTF-8.
        guard scalar & 0xE0 == 0xC0, index < text.count else { return keep(text, in: &result, from: start) }
        scalar = (scalar & 0x1F) << 6 | Int(text[index] & 0x3F)
        index += 1
      }
      guard scalar < bytes.count, bytes[scalar] >= 0 else { return keep(text, in: &result, from: start) }
      result.append(UInt8(truncatingIfNeeded: bytes[scalar]))
    }
    return true
  }

  private static func keep(
    _ text: UnsafeBufferPointer<UInt8>, in result: inout [UInt8], from start: Int
  ) -> Bool {
    while result.count > start { _ = result.popLast() }
    result.append(contentsOf: text)
    return false
  }
}
