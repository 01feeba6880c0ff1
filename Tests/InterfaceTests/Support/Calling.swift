import CHeddle
import Foundation
import Testing

/// The last error of this thread.
struct LastError: Equatable {
  var code: Int
  var operation: String
  var text: String

  static var current: LastError {
    var error = heddle_error()
    error.size = MemoryLayout<heddle_error>.size
    #expect(heddle_last_error(&error) == heddle_status(HEDDLE_OK))
    func text(_ bytes: UnsafeRawBufferPointer) -> String { String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self) }
    return LastError(
      code: Int(error.code), operation: withUnsafeBytes(of: error.operation, text),
      text: withUnsafeBytes(of: error.text, text))
  }
}

/// Expects a call to fail in this way and to say so.
func expect(
  _ code: Int, _ part: String = "", sourceLocation: SourceLocation = #_sourceLocation, _ call: () -> heddle_status
) {
  let status = Int(call())
  #expect(status == code, "\(LastError.current)", sourceLocation: sourceLocation)
  guard code != HEDDLE_OK else { return }
  let error = LastError.current
  #expect(error.code == code && (part.isEmpty || error.text.contains(part)), "\(error)", sourceLocation: sourceLocation)
}

struct CallFailed: Error {
  var error: LastError
}

/// Expects a call to succeed; the test ends if it does not.
func succeed(_ call: () -> heddle_status) throws {
  if Int(call()) != HEDDLE_OK { throw CallFailed(error: .current) }
}

/// What a call gives through its last argument.
func made<Value: BitwiseCopyable>(
  _ initial: Value, _ call: (UnsafeMutablePointer<Value>) -> heddle_status
) throws -> Value {
  var value = initial
  try succeed { call(&value) }
  return value
}

/// The handle that a call gives.
func made(_ call: (UnsafeMutablePointer<heddle_handle>) -> heddle_status) throws -> heddle_handle {
  try made(0, call)
}

typealias TextCall = (UnsafeMutablePointer<CChar>?, Int, UnsafeMutablePointer<Int>?) -> heddle_status

/// The text that a call gives, by the rules of the header: asked for its size, refused one byte less, then taken.
func text(_ call: TextCall) throws -> String {
  var needed = 0
  try succeed { call(nil, 0, &needed) }
  var buffer = [CChar](repeating: 85, count: needed + 1)
  expect(HEDDLE_BUFFER_TOO_SMALL, "\(needed) bytes") { call(&buffer, needed - 1, nil) }
  #expect(needed == 1 || buffer.allSatisfy { $0 == 85 })
  try succeed { call(&buffer, needed, &needed) }
  #expect(buffer[needed - 1] == 0 && buffer[needed] == 85)
  return String(decoding: buffer.prefix(needed - 1).map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

func json<Value: Decodable>(_: Value.Type = Value.self, _ call: TextCall) throws -> Value {
  try JSONDecoder().decode(Value.self, from: Data(text(call).utf8))
}
