import CHeddle
import HeddleGraph

// How arguments are read and texts are given, the same for every function.

/// The most axes of a tensor that comes through the C interface.
let maximumRank = Graph.maximumRank

/// A text argument.
func text(_ pointer: UnsafePointer<CChar>?, _ what: StaticString) throws(Failure) -> String {
  guard let pointer else { throw .null(what) }
  guard let text = String(validatingCString: pointer) else {
    throw Failure(HEDDLE_INVALID_TEXT, "\(what) is not UTF-8")
  }
  return text
}

/// A text argument that may be NULL.
func optionalText(_ pointer: UnsafePointer<CChar>?, _ what: StaticString) throws(Failure) -> String? {
  pointer == nil ? nil : try text(pointer, what)
}

// Traps: never, no caller's maximum is negative.
/// An array argument of at most `maximum` elements.
func array<Element>(
  _ pointer: UnsafePointer<Element>?, _ count: Int, _ what: StaticString, maximum: Int
) throws(Failure) -> UnsafeBufferPointer<Element> {
  guard (0...maximum).contains(count) else {
    throw .argument("\(what) has \(UInt(bitPattern: count)) elements, at most \(maximum) are taken")
  }
  if count == 0 { return UnsafeBufferPointer(start: nil, count: 0) }
  guard let pointer else { throw .null(what) }
  return UnsafeBufferPointer(start: pointer, count: count)
}

/// A shape, strides: one integer for each axis.
func integers(_ pointer: UnsafePointer<Int64>?, _ rank: Int, _ what: StaticString) throws(Failure) -> [Int] {
  try array(pointer, rank, what, maximum: maximumRank).map { Int($0) }
}

/// A struct that begins with its size, as the caller's version of it: members it does not have are zero.
///
/// - Parameters:
///   - zero: the struct with all members zero.
///   - minimum: bytes of the members it always had.
func options<Options: BitwiseCopyable>(
  _ pointer: UnsafePointer<Options>?, zero: Options, minimum: Int, _ what: StaticString
) throws(Failure) -> Options {
  guard let pointer else { return zero }
  let size = try structSize(pointer, minimum: minimum, what)
  var options = zero
  withUnsafeMutableBytes(of: &options) { target in
    target.copyMemory(from: UnsafeRawBufferPointer(start: pointer, count: size))
  }
  return options
}

// Traps: never, callers give the size of the struct, or of what it once was, as the minimum.
/// The size a caller's struct says it has.
func structSize<Options>(
  _ pointer: UnsafePointer<Options>, minimum: Int, _ what: StaticString
) throws(Failure) -> Int {
  let size = UnsafeRawPointer(pointer).loadUnaligned(as: Int.self)
  guard (minimum...MemoryLayout<Options>.size).contains(size) else {
    throw Failure(
      HEDDLE_STRUCT_SIZE,
      "\(what).size is \(UInt(bitPattern: size)); this library takes \(minimum) to \(MemoryLayout<Options>.size)")
  }
  return size
}

// Traps: never, the size is compared with `minimum`, which is more than that of the member `size`.
/// Fills a caller's struct as far as it goes; its size stays.
func fill<Answer: BitwiseCopyable>(
  _ pointer: UnsafeMutablePointer<Answer>?, with answer: Answer, minimum: Int, _ what: StaticString
) throws(Failure) {
  guard let pointer else { throw .null(what) }
  let size = try structSize(UnsafePointer(pointer), minimum: minimum, what)
  withUnsafeBytes(of: answer) { source in
    let rest = MemoryLayout<Int>.size..<size
    UnsafeMutableRawBufferPointer(start: pointer, count: size)[rest].copyBytes(from: source[rest])
  }
}

// Traps: never, the bytes of a text are in memory, and the capacity is compared with their count.
/// Gives a text by the header's rule.
func give(
  _ text: String, _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: Int, _ needed: UnsafeMutablePointer<Int>?
) throws(Failure) {
  let bytes = text.utf8.count + 1
  guard capacity >= 0 else { throw .argument("capacity is \(UInt(bitPattern: capacity))") }
  guard buffer != nil || capacity == 0 else { throw .null("buffer") }
  needed?.pointee = bytes
  guard let buffer, capacity > 0 else { return }
  guard capacity >= bytes else {
    throw Failure(HEDDLE_BUFFER_TOO_SMALL, "the text takes \(bytes) bytes, the buffer has \(capacity)")
  }
  UnsafeMutableRawBufferPointer(start: buffer, count: bytes).copyBytes(from: text.utf8)
  buffer[bytes - 1] = 0
}
