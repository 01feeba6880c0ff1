import HeddleText

/// The map of a SentencePiece normalizer: which stretches of text are replaced, and by what.
///
/// The bytes are a count, little-endian; a double-array trie of so many bytes, whose values are places in what follows;
/// and the replacements, each ended by a zero. A unit of the trie holds a label in bits 0 to 7, whether a value hangs on
/// it in bit 8, and the distance of its children in bits 10 to 30, 256 times that where bit 9 is set; a value is a unit's
/// bits 0 to 30. Sources: sentencepiece, `normalizer.cc`; Darts-clone, `darts.h`.
struct CharacterMap: Sendable {
  private let units: [UInt32]
  private let replacements: [UInt8]

  /// - Throws: ``TokenizerError/malformedCharacterMap(bytes:)`` where the parts do not fit into the bytes, or the last
  ///   replacement has no end. A trie that leads out of itself matches nothing there.
  init(_ bytes: [UInt8]) throws(TokenizerError) {
    let (units, replacements) = bytes.withUnsafeBytes { raw in
      let size = Int(raw.littleEndian(UInt32.self, at: 0))
      guard raw.count >= 4, size <= raw.count &- 4, size & 3 == 0 else { return ([UInt32](), [UInt8]()) }
      var units: [UInt32] = []
      var offset = 4
      while offset < 4 &+ size {
        units.append(raw.littleEndian(UInt32.self, at: offset))
        offset &+= 4
      }
      return (units, Array(bytes.part(from: 4 &+ size)))
    }
    guard !units.isEmpty, replacements.last == 0 else { throw .malformedCharacterMap(bytes: bytes.count) }
    self.units = units
    self.replacements = replacements
  }

  /// Appends text with each longest stretch that the map knows replaced.
  func appendReplacement(of text: UnsafeBufferPointer<UInt8>, to result: inout [UInt8]) {
    var start = 0
    while start < text.count {
      if let (end, replacement) = longestMatch(in: text, from: start) {
        for byte in replacements.part(from: replacement) {
          guard byte != 0 else { break }
          result.append(byte)
        }
        start = end
      } else {
        let end = UTF8Text.end(of: start, in: text)
        result.append(contentsOf: text.part(from: start, to: end))
        start = end
      }
    }
  }

  private func longestMatch(
    in text: UnsafeBufferPointer<UInt8>, from start: Int
  ) -> (end: Int, replacement: Int)? {
    guard let root = units.first else { return nil }
    var best: (end: Int, replacement: Int)?
    var node = Self.distance(root)
    var end = start
    // A sound trie visits no unit twice; one that leads back to itself is left after as many steps as it has units.
    while end &- start < units.count, let byte = text[at: end], byte != 0 {
      node ^= Int(byte)
      guard let unit = units[at: node], unit & 0x8000_00FF == UInt32(byte) else { break }
      end &+= 1
      node ^= Self.distance(unit)
      if unit & 0x100 != 0, let value = units[at: node] { best = (end, Int(value & 0x7FFF_FFFF)) }
    }
    return best
  }

  private static func distance(_ unit: UInt32) -> Int { Int((unit >> 10) << ((unit & 0x200) >> 6)) }
}
