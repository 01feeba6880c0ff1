import HeddleText

/// Which pairs of tokens merge, how early, and into what.
struct MergeTable: MergeRule {
  private var merges: [UInt64: Merge]

  /// Reads merges of the form `left right`. Of equal pairs the first counts.
  init(_ lines: [String], _ vocabulary: Vocabulary, spelling: TokenSpelling) throws(TokenizerError) {
    guard !lines.isEmpty else { throw .missingMerges }
    merges = [:]
    merges.reserveCapacity(lines.count)
    var scratch: [UInt8] = []
    for (index, line) in lines.enumerated() {
      var line = line
      guard let middle = line.withUTF8({ Self.read($0, spelling, into: &scratch) }) else {
        throw .malformedMerge(index: index, text: line)
      }
      let ids = scratch.withUnsafeBufferPointer { bytes in
        (
          vocabulary.id(of: UnsafeBufferPointer(rebasing: bytes.part(from: 0, to: middle))),
          vocabulary.id(of: UnsafeBufferPointer(rebasing: bytes.part(from: middle))), vocabulary.id(of: bytes)
        )
      }
      guard let left = ids.0, let right = ids.1, let result = ids.2 else {
        throw .mergeOfUnknownToken(index: index, text: line)
      }
      let key = Self.key(left, right)
      if merges[key] == nil {
        merges[key] = Merge(rank: UInt32(truncatingIfNeeded: index), result: result)
      }
    }
  }

  func merge(_ left: TextSymbol, _ right: TextSymbol, in text: UnsafeBufferPointer<UInt8>) -> Merge? {
    merges[Self.key(left.id, right.id)]
  }

  private static func key(_ left: Int32, _ right: Int32) -> UInt64 {
    UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
  }

  /// Puts the bytes of both halves into `scratch`; returns where the second begins.
  private static func read(
    _ line: UnsafeBufferPointer<UInt8>, _ spelling: TokenSpelling, into scratch: inout [UInt8]
  ) -> Int? {
    let space = UInt8(ascii: " ")
    guard let split = line.dropFirst().firstIndex(of: space), split &+ 1 < line.count,
      !line.part(from: split &+ 1).contains(space)
    else { return nil }
    scratch.removeAll(keepingCapacity: true)
    spelling.append(UnsafeBufferPointer(rebasing: line.part(from: 0, to: split)), .normal, to: &scratch)
    let middle = scratch.count
    spelling.append(UnsafeBufferPointer(rebasing: line.part(from: split &+ 1)), .normal, to: &scratch)
    return middle
  }
}
