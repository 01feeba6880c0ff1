import CHeddle
import HeddleGraph
import HeddleText

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

/// An array argument of at most `maximum` elements.
func array<Element>(
  _ pointer: UnsafePointer<Element>?, _ count: Int, _ what: StaticString, maximum: Int
) throws(Failure) -> UnsafeBufferPointer<Element> {
  guard (0...max(0, maximum)).contains(count) else {
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

/// The size a caller's struct says it has.
func structSize<Options>(
  _ pointer: UnsafePointer<Options>, minimum: Int, _ what: StaticString
) throws(Failure) -> Int {
  let size = UnsafeRawPointer(pointer).loadUnaligned(as: Int.self)
  guard (minimum...max(minimum, MemoryLayout<Options>.size)).contains(size) else {
    throw Failure(
      HEDDLE_STRUCT_SIZE,
      "\(what).size is \(UInt(bitPattern: size)); this library takes \(minimum) to \(MemoryLayout<Options>.size)")
  }
  return size
}

/// Fills a caller's struct as far as it goes; its size stays.
func fill<Answer: BitwiseCopyable>(
  _ pointer: UnsafeMutablePointer<Answer>?, with answer: Answer, minimum: Int, _ what: StaticString
) throws(Failure) {
  guard let pointer else { throw .null(what) }
  let size = try structSize(UnsafePointer(pointer), minimum: minimum, what)
  withUnsafeBytes(of: answer) { source in
    let begin = MemoryLayout<Int>.size
    UnsafeMutableRawBufferPointer(start: pointer, count: size).part(from: begin)
      .copyBytes(from: source.part(from: begin, to: size))
  }
}

/// Gives a text by the header's rule.
func give(
  _ text: String, _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: Int, _ needed: UnsafeMutablePointer<Int>?
) throws(Failure) {
  let bytes = Array(text.utf8) + [0]
  guard capacity >= 0 else { throw .argument("capacity is \(UInt(bitPattern: capacity))") }
  guard buffer != nil || capacity == 0 else { throw .null("buffer") }
  needed?.pointee = bytes.count
  guard let buffer, capacity > 0 else { return }
  guard capacity >= bytes.count else {
    throw Failure(HEDDLE_BUFFER_TOO_SMALL, "the text takes \(bytes.count) bytes, the buffer has \(capacity)")
  }
  UnsafeMutableRawBufferPointer(start: buffer, count: bytes.count).copyBytes(from: bytes)
}
