// Traps: never, ids and slots have 31 bits, there are one more offsets than tokens, each at most the bytes' count
// and none below the one before, and the slots are a power of two.
/// The tokens as bytes, by id and by content.
///
/// All bytes stand in one array. The index from bytes to id is an open-addressed table of ids: half the memory and
/// a tenth of the time of a dictionary of strings, whose keys compare by canonical equivalence, not by bytes.
/// The hash is seeded per process, so that a file cannot be made to collide.
struct Vocabulary: Sendable {
  let kinds: [TokenKind]
  private let bytes: [UInt8]
  private let offsets: [Int]
  private var slots: [Int32]

  var count: Int { kinds.count }

  /// Ordinary tokens are spelled in the byte alphabet, special ones in plain text. Of tokens with equal bytes the
  /// index knows the ordinary before the special, then the lower id.
  init(tokens: [String], kinds: [TokenKind]) throws(TokenizerError) {
    var size = 0
    for token in tokens { size += token.utf8.count }
    guard tokens.count < 1 << 26, size < 1 << 31 else {
      throw .vocabularyTooLarge(tokens: tokens.count, bytes: size)
    }
    var bytes: [UInt8] = []
    var offsets = [0]
    bytes.reserveCapacity(size)
    offsets.reserveCapacity(tokens.count + 1)
    for (token, kind) in zip(tokens, kinds) {
      var token = token
      token.withUTF8 { text in
        if kind.isSpecial {
          bytes.append(contentsOf: text)
        } else {
          ByteAlphabet.appendBytes(spelledBy: text, to: &bytes)
        }
      }
      offsets.append(bytes.count)
    }
    var capacity = 16
    while capacity < tokens.count * 2 { capacity *= 2 }
    self.bytes = bytes
    self.offsets = offsets
    self.kinds = kinds
    slots = [Int32](repeating: -1, count: capacity)
    for special in [false, true] {
      for id in kinds.indices where kinds[id].isSpecial == special { insert(id) }
    }
  }

  /// The bytes of a token; none for an id outside the vocabulary.
  func bytes(of id: Int) -> ArraySlice<UInt8> {
    kinds.indices.contains(id) ? bytes[offsets[id]..<offsets[id + 1]] : []
  }

  /// The token that is exactly `content`.
  func id(of content: UnsafeBufferPointer<UInt8>) -> Int32? {
    let found = slots[slot(of: content)]
    return found < 0 ? nil : found
  }

  private mutating func insert(_ id: Int) {
    let range = offsets[id]..<offsets[id + 1]
    guard !range.isEmpty else { return }
    let slot = bytes.withUnsafeBufferPointer { self.slot(of: UnsafeBufferPointer(rebasing: $0[range])) }
    if slots[slot] < 0 { slots[slot] = Int32(id) }
  }

  /// The slot that holds `content`, or the free one where it belongs. The table is at most half full.
  private func slot(of content: UnsafeBufferPointer<UInt8>) -> Int {
    var hasher = Hasher()
    hasher.combine(bytes: UnsafeRawBufferPointer(content))
    let mask = slots.count - 1
    var slot = hasher.finalize() & mask
    while slots[slot] >= 0 {
      let id = Int(slots[slot])
      if bytes[offsets[id]..<offsets[id + 1]].elementsEqual(content) { return slot }
      slot = (slot + 1) & mask
    }
    return slot
  }
}
