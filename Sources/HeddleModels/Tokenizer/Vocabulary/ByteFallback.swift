import HeddleText

/// What stands for characters without a token: the tokens of their bytes, or the unknown token.
struct ByteFallback: Sendable {
  private let unknown: Int32?
  /// The token of each byte; -1 for a byte without one.
  private let byteIDs: [Int32]

  init(_ vocabulary: Vocabulary, unknownID: Int?) {
    var ids = [Int32](filled: -1, count: 256)
    for (id, kind) in vocabulary.kinds.enumerated() where kind == .byte {
      let bytes = vocabulary.bytes(of: id)
      guard bytes.count == 1, let byte = bytes.first else { continue }
      ids.update(at: Int(byte)) { $0 = $0 < 0 ? Int32(truncatingIfNeeded: id) : $0 }
    }
    byteIDs = ids
    unknown = unknownID.map { Int32(truncatingIfNeeded: $0) }
  }

  /// Whether there are characters for which nothing stands.
  var leavesOut: Bool { unknown == nil && byteIDs.contains { $0 < 0 } }

  /// Whether something stands for a character.
  func covers(_ character: UnsafeBufferPointer<UInt8>) -> Bool {
    unknown != nil || character.allSatisfy { (byteIDs[at: Int($0)] ?? -1) >= 0 }
  }

  /// Calls `body` with the tokens of a character, and where in it each stands.
  ///
  /// - Parameter isUnknown: whether what came before is unknown, which one token says of both.
  func forEach(
    _ character: UnsafeBufferPointer<UInt8>, after isUnknown: inout Bool, _ body: (_ id: Int32, _ offset: Int) -> Void
  ) {
    if character.allSatisfy({ (byteIDs[at: Int($0)] ?? -1) >= 0 }) {
      isUnknown = false
      for (offset, byte) in character.enumerated() { if let id = byteIDs[at: Int(byte)] { body(id, offset) } }
    } else {
      if !isUnknown, let unknown { body(unknown, 0) }
      isUnknown = true
    }
  }
}

/// Steps in text that is valid UTF-8.
enum UTF8Text {
  /// Where the character that begins at `start` ends.
  static func end(of start: Int, in text: UnsafeBufferPointer<UInt8>) -> Int {
    let lead = text[at: start] ?? 0
    return min(start &+ (lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4), text.count)
  }
}
