/// Access that cannot trap: a place that is not there is nil, a part is cut to what is there, and a count is none below 0.
extension Collection where Index == Int {
  // Traps: never (index-of-collection).
  /// The element at an index; nil if there is none.
  @inlinable package subscript(at index: Int) -> Element? {
    index >= startIndex && index < endIndex ? self[index] : nil
  }

  // Traps: never (index-of-collection).
  /// The elements from `start` up to `end`, as far as they are there.
  @inlinable package func part(from start: Int, to end: Int = .max) -> SubSequence {
    let first = Swift.min(Swift.max(start, startIndex), endIndex)
    return self[first..<Swift.min(Swift.max(end, first), endIndex)]
  }
}

extension Array {
  // Traps: never (clamped-count).
  /// As many equal elements as there are to be; none for a count below 0. For counts of what is in memory: where a size
  /// comes from a file, a caller or a device, `repeating:` and a reason say what bounds it.
  @inlinable package init(filled element: Element, count: Int) {
    self = count > 0 ? Array(repeating: element, count: count) : []
  }

  // Traps: never (index-of-collection).
  /// Changes the element at an index, if there is one.
  @inlinable @discardableResult
  package mutating func update<Result>(
    at index: Int, _ change: (inout Element) throws -> Result
  ) rethrows -> Result? {
    index >= 0 && index < count ? try change(&self[index]) : nil
  }
}

extension StringProtocol {
  // Traps: never (index-of-collection).
  /// What stands before and after the last of these characters; nil if there is none.
  package func parted(atLast separator: Character) -> (before: SubSequence, after: SubSequence)? {
    guard let place = lastIndex(of: separator) else { return nil }
    return (self[..<place], self[index(after: place)...])
  }

  /// The text with characters before it, up to `width` of them.
  package func padded(to width: Int, with character: Character = " ") -> String {
    String([Character](filled: character, count: Swift.max(0, width) &- count)) + self  // Traps: never (clamped-count).
  }
}

extension UnsafeRawBufferPointer {
  /// The little-endian number at an offset; 0 if the bytes end before it does.
  @inlinable package func littleEndian<Number: FixedWidthInteger & BitwiseCopyable>(
    _ type: Number.Type = Number.self, at offset: Int
  ) -> Number {
    guard let base = baseAddress, offset >= 0, offset <= count &- MemoryLayout<Number>.size else { return 0 }
    return Number(littleEndian: base.loadUnaligned(fromByteOffset: offset, as: Number.self))
  }
}
