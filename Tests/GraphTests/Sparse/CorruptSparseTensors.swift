import HeddleGraph
import Testing

/// Bytes that are no tensor of the format and shape they are given for, and the error that says so.
struct CorruptSparseTensor: Sendable, CustomTestStringConvertible {
  let name: String
  let format: SparseFormat
  let shape: [Int]
  let bytes: [UInt8]
  let expected: TypeError

  var testDescription: String { "\(format)\(shape): \(name)" }
}

/// A small valid tensor of each kind of pattern, whose indices are the first places, and ways to spoil it.
struct ValidSparseTensor: Sendable, CustomTestStringConvertible {
  let format: SparseFormat
  let shape: [Int]
  let layout: SparseLayout
  let bytes: [UInt8]

  var testDescription: String { "\(format)\(shape)" }

  init(_ name: String, _ shape: [Int], fill: (SparseLayout, inout [UInt8]) -> Void) throws {
    format = try #require(SparseFormat(name: name))
    self.shape = shape
    layout = try SparseLayout(format, shape: shape)
    var bytes = [UInt8](repeating: 0, count: layout.byteCount)
    fill(layout, &bytes)
    self.bytes = bytes
  }

  /// 2 of 4: places 0 and 1, a nibble 4 each.
  static let rows = Result {
    try ValidSparseTensor("2:4-f16", [2, 64]) { _, bytes in
      for span in 0..<4 { for byte in 0..<4 { bytes[span * 36 + byte] = 0x44 } }
    }
  }
  /// 4 of 8: places 0 to 3 of each, after a scale of two bytes.
  static let wideRows = Result {
    try ValidSparseTensor("4:8-int4", [3, 32]) { _, bytes in
      for row in 0..<3 { for byte in 0..<8 { bytes[row * 18 + 2 + byte] = [0x10, 0x32][byte % 2] } }
    }
  }
  /// Two groups of rows, two spans: places 0, 1, 2 of 8.
  static let vectors = Result {
    try ValidSparseTensor("vw3:8-int8", [40, 16]) { layout, bytes in
      for place in 0..<12 { bytes[layout.indices.lowerBound + place] = UInt8(place % 3) }
    }
  }
  static let nested = Result {
    try ValidSparseTensor("nvw3:8-f32", [40, 16]) { layout, bytes in
      for place in 0..<12 { bytes[layout.indices.lowerBound + place] = [5, 0, 3][place % 3] }
    }
  }
  /// Six of 3 × 4 blocks: two in each row of blocks, columns 1 and 2.
  static let blocks = Result {
    try ValidSparseTensor("block16@50-bf16", [48, 64]) { layout, bytes in
      for (place, word) in [0, 2, 4, 6, 1, 2, 1, 2, 1, 2].enumerated() {
        bytes[layout.indices.lowerBound + 4 * place] = UInt8(word)
      }
    }
  }

  static func all() throws -> [ValidSparseTensor] {
    try [rows, wideRows, vectors, nested, blocks].map { try $0.get() }
  }

  /// With other bytes from `offset` of the indices on (of the whole tensor for `N:M` per row).
  func corrupt(_ name: String, at offset: Int, _ replacement: [UInt8], _ defect: SparseDefect) -> CorruptSparseTensor {
    var changed = bytes
    let start = layout.indices.lowerBound * (layout.indices.isEmpty ? 0 : 1) + offset
    changed.replaceSubrange(start..<start + replacement.count, with: replacement)
    return CorruptSparseTensor(
      name: name, format: format, shape: shape, bytes: changed, expected: .invalidSparseData(format, defect))
  }

  /// With 32-bit words of the indices from `place` on.
  func corrupt(_ name: String, words place: Int, _ words: [UInt32], _ defect: SparseDefect) -> CorruptSparseTensor {
    let bytes = words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
    return corrupt(name, at: 4 * place, bytes, defect)
  }

  /// Cut, or with zeros after the end.
  func corrupt(_ name: String, count: Int) -> CorruptSparseTensor {
    CorruptSparseTensor(
      name: name, format: format, shape: shape,
      bytes: Array(bytes.prefix(count)) + Array(repeating: 0, count: max(0, count - bytes.count)),
      expected: .wrongByteCount(expected: bytes.count, got: count, TensorSummary(.sparse(format), shape)))
  }
}

extension CorruptSparseTensor {
  static func all() throws -> [CorruptSparseTensor] { try counts() + rows() + vectors() + nested() + blocks() }

  /// A byte more or less, nothing, and an end at each section's first and last byte.
  private static func counts() throws -> [CorruptSparseTensor] {
    try ValidSparseTensor.all().flatMap { valid in
      let layout = valid.layout
      let ends = [
        layout.values.upperBound, layout.indices.lowerBound, layout.indices.lowerBound + 1, layout.indices.upperBound,
        layout.scales.lowerBound, layout.scales.lowerBound + 1,
      ]
      let counts = Set([0, 1, layout.byteCount / 2, layout.byteCount - 1, layout.byteCount + 1] + ends)
      return counts.subtracting([layout.byteCount]).sorted().map { valid.corrupt("\($0) bytes", count: $0) }
    }
  }

  private static func rows() throws -> [CorruptSparseTensor] {
    let (rows, wide) = (try ValidSparseTensor.rows.get(), try ValidSparseTensor.wideRows.get())
    return [
      rows.corrupt("equal places", at: 0, [0x40], .notAscending(group: 0, span: 0, index: 0, after: 0)),
      rows.corrupt("falling places", at: 0, [0x41], .notAscending(group: 0, span: 0, index: 0, after: 1)),
      rows.corrupt("the second four", at: 0, [0xF4], .notAscending(group: 0, span: 0, index: 3, after: 3)),
      rows.corrupt("the last four", at: 111, [0xB4], .notAscending(group: 1, span: 1, index: 2, after: 3)),
      rows.corrupt("the second span", at: 36, [0x04], .notAscending(group: 0, span: 1, index: 0, after: 0)),
      wide.corrupt("a place of 8", at: 3, [0x82], .indexOutOfRange(group: 0, span: 0, index: 8, limit: 8)),
      wide.corrupt("a place of 15", at: 20, [0xF0], .indexOutOfRange(group: 1, span: 0, index: 15, limit: 8)),
      wide.corrupt("the last place", at: 45, [0xF2], .indexOutOfRange(group: 2, span: 0, index: 15, limit: 8)),
      wide.corrupt("a place twice", at: 2, [0x11], .notAscending(group: 0, span: 0, index: 1, after: 1)),
      wide.corrupt("an infinite scale", at: 18, [0x00, 0x7C], .scaleNotFinite(place: 1)),
      wide.corrupt("a last scale that is no number", at: 36, [0x01, 0xFE], .scaleNotFinite(place: 2)),
      wide.corrupt("falling over bytes", at: 3, [0x30], .notAscending(group: 0, span: 0, index: 0, after: 1)),
    ]
  }

  private static func vectors() throws -> [CorruptSparseTensor] {
    let valid = try ValidSparseTensor.vectors.get()
    return [
      valid.corrupt("a place of M", at: 0, [8], .indexOutOfRange(group: 0, span: 0, index: 8, limit: 8)),
      valid.corrupt("a place of 64", at: 4, [64], .indexOutOfRange(group: 0, span: 1, index: 64, limit: 8)),
      valid.corrupt("the last of 255", at: 11, [255], .indexOutOfRange(group: 1, span: 1, index: 255, limit: 8)),
      valid.corrupt("a place twice", at: 0, [1, 1], .notAscending(group: 0, span: 0, index: 1, after: 1)),
      valid.corrupt("an infinite scale", at: 64, [0, 0, 0x80, 0x7F], .scaleNotFinite(place: 0)),
      valid.corrupt("a last scale that is no number", at: 220, [1, 0, 0x80, 0xFF], .scaleNotFinite(place: 39)),
      valid.corrupt("two of a span swapped", at: 1, [2, 1], .notAscending(group: 0, span: 0, index: 1, after: 2)),
      valid.corrupt("the second group", at: 6, [7, 0], .notAscending(group: 1, span: 0, index: 0, after: 7)),
      valid.corrupt(
        "all zeros", at: 0, Array(repeating: 0, count: 12), .notAscending(group: 0, span: 0, index: 0, after: 0)),
    ]
  }

  private static func nested() throws -> [CorruptSparseTensor] {
    let valid = try ValidSparseTensor.nested.get()
    return [
      valid.corrupt("a place of M", at: 2, [8], .indexOutOfRange(group: 0, span: 0, index: 8, limit: 8)),
      valid.corrupt("a place of 64", at: 3, [64], .indexOutOfRange(group: 0, span: 1, index: 64, limit: 8)),
      valid.corrupt("the last of 255", at: 11, [255], .indexOutOfRange(group: 1, span: 1, index: 255, limit: 8)),
      valid.corrupt("a place twice", at: 1, [5], .duplicateIndex(group: 0, span: 0, index: 5)),
      valid.corrupt("the first again", at: 11, [5], .duplicateIndex(group: 1, span: 1, index: 5)),
      valid.corrupt("all zeros", at: 0, Array(repeating: 0, count: 12), .duplicateIndex(group: 0, span: 0, index: 0)),
    ]
  }

  private static func blocks() throws -> [CorruptSparseTensor] {
    let valid = try ValidSparseTensor.blocks.get()
    return [
      valid.corrupt("a first start of 1", words: 0, [1], .wrongStart(group: 0, start: 1, expected: 0...0)),
      valid.corrupt("starts one on", words: 0, [2, 4, 6, 6], .wrongStart(group: 0, start: 2, expected: 0...0)),
      valid.corrupt(
        "falling starts", words: 1, [4, 2, 6, 0, 1, 2, 3], .wrongStart(group: 2, start: 2, expected: 4...6)),
      valid.corrupt("a start beyond Q", words: 1, [7], .wrongStart(group: 1, start: 7, expected: 0...6)),
      valid.corrupt("the greatest start", words: 2, [.max], .wrongStart(group: 2, start: 0xFFFF_FFFF, expected: 2...6)),
      valid.corrupt("a negative start", words: 1, [1 << 31], .wrongStart(group: 1, start: 1 << 31, expected: 0...6)),
      valid.corrupt("a last start before Q", words: 3, [5], .wrongStart(group: 3, start: 5, expected: 6...6)),
      valid.corrupt("a last start beyond Q", words: 3, [7], .wrongStart(group: 3, start: 7, expected: 6...6)),
      valid.corrupt("all starts zero", words: 0, [0, 0, 0, 0], .wrongStart(group: 3, start: 0, expected: 6...6)),
      valid.corrupt(
        "big-endian starts", words: 0, [0, 2, 4, 6].map { ($0 as UInt32).byteSwapped },
        .wrongStart(group: 1, start: 2 << 24, expected: 0...6)),
      valid.corrupt(
        "more blocks than columns", words: 1, [5, 5, 6, 0, 1, 2, 3, 4],
        .indexOutOfRange(group: 0, span: 4, index: 4, limit: 4)),
      valid.corrupt("a column of K/S", words: 5, [4], .indexOutOfRange(group: 0, span: 1, index: 4, limit: 4)),
      valid.corrupt(
        "the greatest column", words: 9, [.max], .indexOutOfRange(group: 2, span: 5, index: 0xFFFF_FFFF, limit: 4)),
      valid.corrupt("a column twice", words: 4, [1, 1], .notAscending(group: 0, span: 1, index: 1, after: 1)),
      valid.corrupt("falling columns", words: 6, [3, 0], .notAscending(group: 1, span: 3, index: 0, after: 3)),
      valid.corrupt(
        "all zeros but the last start", words: 0, [0, 0, 0, 6, 0, 0, 0, 0, 0, 0],
        .notAscending(group: 2, span: 1, index: 0, after: 0)),
    ]
  }
}
