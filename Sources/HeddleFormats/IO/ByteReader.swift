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

  // Traps: never, the offset is in `0...bytes.count`.
  var remaining: Int { bytes.count - offset }

  /// Throws if `count` elements of at least `minimumSize` bytes cannot follow.
  func require(_ count: Int, of minimumSize: Int) throws(Shortage) {
    let (product, overflow) = count.multipliedReportingOverflow(by: minimumSize)
    guard count >= 0, !overflow, product <= remaining else {
      throw Shortage(offset: offset, needed: overflow ? .max : product, remaining: remaining)
    }
  }

  // Traps: never, `require` has compared the count with what remains.
  /// The next `count` bytes, borrowed.
  mutating func take(_ count: Int) throws(Shortage) -> UnsafeRawBufferPointer {
    try require(count, of: 1)
    let end = offset + count  // at most bytes.count: just checked
    let slice = UnsafeRawBufferPointer(rebasing: bytes[offset..<end])
    offset = end
    return slice
  }

  // Traps: never, the bytes of a value that is not empty have an address.
  /// The next integer.
  mutating func read<Value: FixedWidthInteger & BitwiseCopyable>(
    _ type: Value.Type = Value.self
  ) throws(Shortage) -> Value {
    Value(littleEndian: try take(MemoryLayout<Value>.size).loadUnaligned(as: Value.self))
  }

  // Traps: never, `require` has compared `count * size`, of a count that is not negative, with what remains; each
  // index is below it, and bytes that are there have an address.
  /// The next `count` integers, each passed through `transform`.
  mutating func read<Value: FixedWidthInteger & BitwiseCopyable, Element>(
    _ count: Int, _ type: Value.Type, _ transform: (Value) -> Element
  ) throws(Shortage) -> [Element] {
    let size = MemoryLayout<Value>.size
    try require(count, of: size)
    let slice = try take(count * size)  // fits: just checked
    return [Element](unsafeUninitializedCapacity: count) { elements, initialized in
      for index in 0..<count {
        let value = Value(littleEndian: slice.loadUnaligned(fromByteOffset: index * size, as: Value.self))
        elements.initializeElement(at: index, to: transform(value))
      }
      initialized = count
    }
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
