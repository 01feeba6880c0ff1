import HeddleText

/// Reads little-endian values, one after the other, from bytes that nobody has checked.
///
/// This is the only place where a parser turns a position into an address: everything it returns lies inside the
/// bytes, and a count is compared with what remains before anything is reserved for it.
struct ByteReader {
  /// More was asked for than remains.
  struct Shortage: Error, Hashable {
    /// Where the missing value begins.
    let offset: Int
    /// Its length; `Int.max` if it does not fit an `Int`.
    let needed: Int
    /// The bytes from `offset` to the end.
    let remaining: Int
  }

  private let bytes: UnsafeRawBufferPointer
  /// How many bytes were read: always in `0...bytes.count`.
  private(set) var offset = 0

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  var remaining: Int { bytes.count &- offset }

  /// Throws if `count` elements of at least `minimumSize` bytes cannot follow.
  func require(_ count: Int, of minimumSize: Int) throws(Shortage) {
    let (product, overflow) = count.multipliedReportingOverflow(by: minimumSize)
    guard count >= 0, !overflow, product <= remaining else {
      throw Shortage(offset: offset, needed: overflow ? .max : product, remaining: remaining)
    }
  }

  /// The next `count` bytes, borrowed.
  mutating func take(_ count: Int) throws(Shortage) -> UnsafeRawBufferPointer {
    try require(count, of: 1)
    let slice = UnsafeRawBufferPointer(rebasing: bytes.part(from: offset, to: offset &+ count))
    offset &+= slice.count
    return slice
  }

  /// The next integer.
  mutating func read<Value: FixedWidthInteger & BitwiseCopyable>(
    _ type: Value.Type = Value.self
  ) throws(Shortage) -> Value {
    try take(MemoryLayout<Value>.size).littleEndian(at: 0)
  }

  /// The next `count` integers, each passed through `transform`.
  mutating func read<Value: FixedWidthInteger & BitwiseCopyable, Element>(
    _ count: Int, _ type: Value.Type, _ transform: (Value) -> Element
  ) throws(Shortage) -> [Element] {
    let size = MemoryLayout<Value>.size
    try require(count, of: size)
    let slice = try take(count &* size)  // fits: just checked
    return (0..<max(0, count)).map { transform(slice.littleEndian(Value.self, at: $0 &* size)) }
  }

  /// The next `count` bytes as a string, and whether they are UTF-8; what is not becomes U+FFFD.
  mutating func readUTF8(_ count: Int) throws(Shortage) -> (text: String, isValid: Bool) {
    let slice = try take(count)
    guard let base = slice.baseAddress, count > 0 else { return ("", true) }
    let units = UnsafeBufferPointer(start: base.assumingMemoryBound(to: UInt8.self), count: count)
    if let text = String(validating: units, as: UTF8.self) { return (text, true) }
    return (String(decoding: units, as: UTF8.self), false)
  }
}
