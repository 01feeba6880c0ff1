import HeddleFormats

/// A wrong file and what opening it must say.
struct BadFile: Sendable, CustomStringConvertible {
  /// The offset is left to the tests that are about it.
  enum Expected: Sendable {
    case defect(GGUFDefect)
    case truncated(reading: String, needed: Int)
    case error(GGUFError)
  }

  var name: String
  var bytes: [UInt8]
  var expected: Expected

  init(_ name: String, _ bytes: [UInt8], _ expected: Expected) {
    self.name = name
    self.bytes = bytes
    self.expected = expected
  }

  init(_ name: String, _ bytes: [UInt8], _ defect: GGUFDefect) { self.init(name, bytes, .defect(defect)) }

  var description: String { name }

  func matches(_ error: GGUFError) -> Bool {
    switch (expected, error) {
    case (.defect(let expected), .malformed(let path, let offset, let got)):
      path == BadFile.path && offset <= bytes.count && expected == got
    case (.truncated(let reading, let needed), .truncated(let path, let offset, let gotReading, let got, let rest)):
      path == BadFile.path && reading == gotReading && needed == got && offset + rest == bytes.count
    case (.error(let expected), _): expected == error
    default: false
    }
  }

  static let path = "bad.gguf"
}
