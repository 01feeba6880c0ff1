import HeddleText

/// What is wrong with the indices of a sparse tensor. `group` is a group of rows that share a pattern
/// (``SparsityPattern/rowsPerGroup``).
public enum SparseDefect: Error, Hashable, Sendable {
  /// An index of a span is not below the pattern's M, or below the count of columns of blocks.
  case indexOutOfRange(group: Int, span: Int, index: Int, limit: Int)
  /// An index is not above the one before it.
  case notAscending(group: Int, span: Int, index: Int, after: Int)
  /// A nested pattern names a place twice.
  case duplicateIndex(group: Int, span: Int, index: Int)
  /// The starts of rows of blocks do not begin at 0, do not end at the count of kept blocks, or fall.
  case wrongStart(group: Int, start: Int, expected: ClosedRange<Int>)
  /// A scale is infinite or not a number: of the stored span for `int4`, of the row for `int8`.
  case scaleNotFinite(place: Int)
}

extension SparseDefect: CustomStringConvertible {
  public var description: String {
    switch self {
    case .indexOutOfRange(let group, let span, let index, let limit):
      "index \(index) of group \(group), span \(span), is not below \(limit)"
    case .notAscending(let group, let span, let index, let last):
      "index \(index) of group \(group), span \(span), comes after \(last)"
    case .duplicateIndex(let group, let span, let index):
      "index \(index) of group \(group), span \(span), is there twice"
    case .wrongStart(let group, let start, let expected):
      "the blocks of group \(group) start at \(start), which is not in \(expected.lowerBound)...\(expected.upperBound)"
    case .scaleNotFinite(let place): "scale \(place) is not finite"
    }
  }
}

extension SparseDefect: HeddleError {
  public var kind: ErrorKind { .invalidData }
}

extension SparseLayout {
  /// Checks every index and every scale, so that kernels can trust them.
  ///
  /// - Throws: ``TypeError/wrongByteCount(expected:got:_:)``, ``TypeError/invalidSparseData(_:_:)``.
  public func validate(_ bytes: UnsafeRawBufferPointer) throws(TypeError) {
    guard bytes.count == byteCount else {
      throw .wrongByteCount(expected: byteCount, got: bytes.count, TensorSummary(.sparse(format), [rows, inputs]))
    }
    do {
      switch format.pattern.kind {
      case .perRow(let kept, let size): try validateRows(bytes, kept: kept, of: size)
      case .vectorWise(let kept, let size, let isNested):
        try validateVectors(
          UnsafeRawBufferPointer(rebasing: bytes.part(from: indices.lowerBound, to: indices.upperBound)), kept: kept,
          of: size, isNested)
      case .block:
        try validateBlocks(
          UnsafeRawBufferPointer(rebasing: bytes.part(from: indices.lowerBound, to: indices.upperBound)))
      }
      try validateScales(bytes)
    } catch {
      throw .invalidSparseData(format, error)
    }
  }

  private func validateRows(_ bytes: UnsafeRawBufferPointer, kept: Int, of size: Int) throws(SparseDefect) {
    // Rows without values may be too many to walk.
    guard spans > 0 else { return }
    let isValid = validRowBytes(kept: kept, of: size)
    // Groups that are longer than a byte go on in the next, above it.
    let (bits, count) = (format.pattern.indexBits, format.pattern.keptPerSpan &* format.pattern.indexBits / 8)
    let bytesPerGroup = max(1, kept &* bits / 8)
    for row in 0..<max(0, rows) {
      for span in 0..<max(0, spans) {
        let start = indexStart(row: row, span: span)
        var isSound = true
        for place in 0..<max(0, count) {
          let byte = bytes.littleEndian(UInt8.self, at: start &+ place)
          isSound = isSound && isValid[at: Int(byte)] == true
          if place % bytesPerGroup > 0 {
            isSound = isSound && byte & 15 > bytes.littleEndian(UInt8.self, at: start &+ place &- 1) >> 4
          }
        }
        if !isSound { try validateRow(bytes, row: row, span: span, kept: kept, of: size) }
      }
    }
  }

  /// Which bytes of indices are below `size` and ascend within each `kept`: what a model's millions are looked up in.
  private func validRowBytes(kept: Int, of size: Int) -> [Bool] {
    let bits = format.pattern.indexBits
    return (0..<256).map { byte in
      let indices = (0..<max(0, 8.divided(by: bits))).map { byte >> ($0 &* bits) & (1 << bits &- 1) }
      return indices.enumerated().allSatisfy { place, index in
        index < size && (place.isMultiple(of: kept) || index > indices[at: place &- 1] ?? -1)
      }
    }
  }

  /// Says what is wrong with a span.
  private func validateRow(
    _ bytes: UnsafeRawBufferPointer, row: Int, span: Int, kept: Int, of size: Int
  ) throws(SparseDefect) {
    var last = -1
    for position in 0..<max(0, format.pattern.keptPerSpan) {
      let index = rowIndex(bytes, row: row, span: span, position: position)
      if position.isMultiple(of: kept) { last = -1 }
      guard index < size else { throw .indexOutOfRange(group: row, span: span, index: index, limit: size) }
      guard index > last else { throw .notAscending(group: row, span: span, index: index, after: last) }
      last = index
    }
  }

  /// The place within its M neighbours of kept value `position` of a span, for `N:M` per row.
  func rowIndex(_ bytes: UnsafeRawBufferPointer, row: Int, span: Int, position: Int) -> Int {
    let start = indexStart(row: row, span: span)
    let bit = position &* format.pattern.indexBits
    let byte = bytes.littleEndian(UInt8.self, at: start &+ bit / 8)
    return Int(byte >> (bit % 8)) & (1 << format.pattern.indexBits &- 1)
  }

  /// The first byte of a span's indices, where rows have their own.
  private func indexStart(row: Int, span: Int) -> Int {
    (row &* spans &+ span) &* format.spanByteCount &+ format.scaleUnits &* format.unitByteCount
  }

  private func validateVectors(
    _ indices: UnsafeRawBufferPointer, kept: Int, of size: Int, _ isNested: Bool
  ) throws(SparseDefect) {
    guard spans > 0 else { return }
    var place = 0
    for group in 0..<max(0, groups) {
      for span in 0..<max(0, spans) {
        var last = -1
        var seen: UInt64 = 0
        for _ in 0..<max(0, kept) {
          let index = Int(indices.littleEndian(UInt8.self, at: place))
          place &+= 1
          guard index < size else { throw .indexOutOfRange(group: group, span: span, index: index, limit: size) }
          guard isNested || index > last else {
            throw .notAscending(group: group, span: span, index: index, after: last)
          }
          guard seen & 1 << UInt64(index) == 0 else { throw .duplicateIndex(group: group, span: span, index: index) }
          seen |= 1 << UInt64(index)
          last = index
        }
      }
    }
  }

  private func validateBlocks(_ indices: UnsafeRawBufferPointer) throws(SparseDefect) {
    func word(_ place: Int) -> Int { Int(indices.littleEndian(UInt32.self, at: place &* 4)) }
    var start = 0
    for group in 0...max(0, groups) {
      let next = word(group)
      let expected = ClosedRange(
        between: group == 0 ? 0 : group == groups ? keptBlocks : start, group == 0 ? 0 : keptBlocks)
      guard expected.contains(next), next >= start else {
        throw .wrongStart(group: group, start: next, expected: expected)
      }
      var last = -1
      for position in start..<max(start, next) {
        let column = word(groups &+ 1 &+ position)
        guard column < spans else {
          throw .indexOutOfRange(group: group &- 1, span: position, index: column, limit: spans)
        }
        guard column > last else {
          throw .notAscending(group: group &- 1, span: position, index: column, after: last)
        }
        last = column
      }
      start = next
    }
  }

  private func validateScales(_ bytes: UnsafeRawBufferPointer) throws(SparseDefect) {
    if format.scaleUnits > 0 {
      for span in 0..<max(0, values.count.divided(by: format.spanByteCount)) {
        let bits = bytes.littleEndian(UInt16.self, at: span &* format.spanByteCount)
        guard bits & 0x7C00 != 0x7C00 else { throw .scaleNotFinite(place: span) }
      }
    }
    for row in 0..<max(0, scales.count / 4) {
      let bits = bytes.littleEndian(UInt32.self, at: scales.lowerBound &+ 4 &* row)
      guard bits & 0x7F80_0000 != 0x7F80_0000 else { throw .scaleNotFinite(place: row) }
    }
  }
}

extension Tensor {
  /// Checks what no byte count can: that the indices of a sparse tensor are of its pattern.
  ///
  /// - Throws: ``TypeError/invalidSparseData(_:_:)``.
  public func validate() throws(TypeError) {
    guard let format = encoding.sparse else { return }
    let layout = try SparseLayout(format, shape: shape)
    let checked = bytes.withUnsafeBytes { bytes in Result { () throws(TypeError) in try layout.validate(bytes) } }
    try checked.get()
  }
}
