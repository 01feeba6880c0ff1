import HeddleText

/// Reads little-endian fields; everything that does not fit is `nil`.
struct ByteReader {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func bytes(_ count: Int) -> [UInt8]? {
    guard count >= 0, count <= rest.count else { return nil }
    let end = rest.startIndex &+ count
    defer { rest = rest.part(from: end) }
    return Array(rest.part(from: rest.startIndex, to: end))
  }

  mutating func integer<T: FixedWidthInteger & UnsignedInteger>(_ type: T.Type) -> T? {
    bytes(MemoryLayout<T>.size)?.reversed().reduce(0) { $0 << 8 | T($1) }
  }

  mutating func countedBytes() -> [UInt8]? {
    guard let count = integer(UInt64.self), let count = Int(exactly: count) else { return nil }
    return bytes(count)
  }
}

struct ByteWriter {
  var bytes: [UInt8] = []

  mutating func append<T: FixedWidthInteger & UnsignedInteger>(_ value: T) {
    withUnsafeBytes(of: value.littleEndian) { bytes += $0 }
  }

  mutating func appendCounted(_ more: [UInt8]) {
    append(UInt64(more.count))
    bytes += more
  }
}
