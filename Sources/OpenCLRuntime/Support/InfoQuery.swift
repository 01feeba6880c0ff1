import COpenCL

/// The two-step question of all `clGet…Info` calls: how long is the answer, and what is it.
///
/// Answers come from a driver and are believed in nothing: lengths are bounded, numbers clamped to `Int`.
enum InfoQuery {
  /// (bytes offered, where to write them, where to write the answer's length) → status.
  typealias Call = (Int, UnsafeMutableRawPointer?, UnsafeMutablePointer<Int>?) -> cl_int

  /// A longer answer is taken for a driver's mistake. Program binaries are fetched elsewhere.
  static let longestAnswer = 64 << 20

  static func bytes(
    _ function: StaticString, _ subject: @autoclosure () -> String, _ call: Call
  ) throws(OpenCLError) -> [UInt8] {
    try ForkedChild.check()
    var size = 0
    try check(call(0, nil, &size), function, subject())
    if size == 0 { return [] }
    guard size > 0, size <= longestAnswer else {
      throw .unexpectedAnswer(function: "\(function)", context: "\(subject()): an answer of \(size) bytes")
    }
    // Traps: never (driver-answer-bounded).
    var bytes = [UInt8](repeating: 0, count: size)
    let status = bytes.withUnsafeMutableBytes { call($0.count, $0.baseAddress, nil) }
    try check(status, function, subject())
    return bytes
  }

  /// An unsigned integer of whatever width the driver answers with.
  static func integer(
    _ function: StaticString, _ subject: @autoclosure () -> String, _ call: Call
  ) throws(OpenCLError) -> Int {
    Int(clamping: try bits(function, subject(), call))
  }

  /// The same without clamping: flags and handles.
  static func bits(
    _ function: StaticString, _ subject: @autoclosure () -> String, _ call: Call
  ) throws(OpenCLError) -> UInt64 {
    let answer = try bytes(function, subject(), call)
    let value: UInt64? = answer.withUnsafeBytes { raw in
      switch raw.count {
      case 1: UInt64(raw.loadUnaligned(as: UInt8.self))
      case 2: UInt64(raw.loadUnaligned(as: UInt16.self))
      case 4: UInt64(raw.loadUnaligned(as: UInt32.self))
      case 8: raw.loadUnaligned(as: UInt64.self)
      default: nil
      }
    }
    guard let value else {
      throw .unexpectedAnswer(function: "\(function)", context: "\(subject()): \(answer.count) bytes for an integer")
    }
    return value
  }

  /// Text up to its first NUL, without the padding some drivers add.
  static func string(
    _ function: StaticString, _ subject: @autoclosure () -> String, _ call: Call
  ) throws(OpenCLError) -> String {
    let answer = try bytes(function, subject(), call)
    let text = String(decoding: answer.prefix { $0 != 0 }, as: UTF8.self)
    return String(text.drop(while: \.isWhitespace).trimmingSuffix(while: \.isWhitespace))
  }

  /// An array of `size_t`.
  static func sizes(
    _ function: StaticString, _ subject: @autoclosure () -> String, _ call: Call
  ) throws(OpenCLError) -> [Int] {
    let answer = try bytes(function, subject(), call)
    return answer.withUnsafeBytes { raw in
      (0..<raw.count / MemoryLayout<UInt>.size).map {
        Int(clamping: raw.loadUnaligned(fromByteOffset: $0 * MemoryLayout<UInt>.size, as: UInt.self))
      }
    }
  }
}

extension Substring {
  fileprivate func trimmingSuffix(while predicate: (Character) -> Bool) -> Substring {
    var rest = self
    while let last = rest.last, predicate(last) { _ = rest.popLast() }
    return rest
  }
}
