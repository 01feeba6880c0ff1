import HeddleText

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

  /// The length of the longest token that the index knows.
  private(set) var longest = 0

  /// Of tokens with equal bytes the index knows the ordinary before the special, what is spelled as it should be before
  /// what is not, then the lower id.
  ///
  /// - Parameter isIndexed: whether there is an index; without one, `id(of:)` knows no token.
  init(tokens: [String], kinds: [TokenKind], spelling: TokenSpelling, isIndexed: Bool) throws(TokenizerError) {
    var size = 0
    for token in tokens { size &+= token.utf8.count }
    guard tokens.count < 1 << 26, size < 1 << 31 else {
      throw .vocabularyTooLarge(tokens: tokens.count, bytes: size)
    }
    var bytes: [UInt8] = []
    var offsets = [0]
    var precedence: [UInt8] = []
    offsets.reserveCapacity(tokens.count)
    for (token, kind) in zip(tokens, kinds) {
      var token = token
      let isSpelled = token.withUTF8 { spelling.append($0, kind, to: &bytes) }
      offsets.append(bytes.count)
      precedence.append(!spelling.isOrdinary(kind) ? .max : kind.isSpecial ? 2 : isSpelled ? 0 : 1)
    }
    self.bytes = bytes
    self.offsets = offsets
    self.kinds = kinds
    slots = []
    guard isIndexed else { return }
    var capacity = 16
    while capacity < tokens.count &* 2 { capacity &*= 2 }
    slots = [Int32](filled: -1, count: capacity)  // Traps: never (clamped-count).
    for place in UInt8(0)..<3 {
      for (id, precedence) in precedence.enumerated() where precedence == place { insert(id) }
    }
  }

  /// The bytes of a token; none for an id outside the vocabulary.
  func bytes(of id: Int) -> ArraySlice<UInt8> {
    guard let start = offsets[at: id], let end = offsets[at: id &+ 1] else { return [] }
    return bytes.part(from: start, to: end)
  }

  /// The token that is exactly `content`.
  func id(of content: UnsafeBufferPointer<UInt8>) -> Int32? {
    slots.isEmpty ? nil : slots[at: slot(of: content)].flatMap { $0 < 0 ? nil : $0 }
  }

  private mutating func insert(_ id: Int) {
    let content = bytes(of: id)
    guard !content.isEmpty else { return }
    longest = max(longest, content.count)
    let slot = content.withUnsafeBufferPointer { self.slot(of: $0) }
    slots.update(at: slot) { if $0 < 0 { $0 = Int32(truncatingIfNeeded: id) } }
  }

  /// The slot that holds `content`, or the free one where it belongs. The table is at most half full.
  private func slot(of content: UnsafeBufferPointer<UInt8>) -> Int {
    var hasher = Hasher()
    hasher.combine(bytes: UnsafeRawBufferPointer(content))
    let mask = slots.count &- 1
    var slot = hasher.finalize() & mask
    while let id = slots[at: slot], id >= 0 {
      if bytes(of: Int(id)).elementsEqual(content) { return slot }
      slot = (slot &+ 1) & mask
    }
    return slot
  }
}
