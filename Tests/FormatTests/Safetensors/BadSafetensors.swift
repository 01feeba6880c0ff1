import HeddleFormats

/// A wrong file and what opening it must say.
struct BadSafetensors: Sendable, CustomStringConvertible {
  var name: String
  var bytes: [UInt8]
  /// The offset of a defect is left to the tests that are about it.
  var expected: SafetensorsError

  init(_ name: String, _ bytes: [UInt8], _ expected: SafetensorsError) {
    self.name = name
    self.bytes = bytes
    self.expected = expected
  }

  init(_ name: String, _ bytes: [UInt8], _ defect: SafetensorsDefect) {
    self.init(name, bytes, .malformed(path: Self.path, offset: 0, defect))
  }

  init(_ name: String, header: String, data: Int = 0, _ defect: SafetensorsDefect) {
    self.init(name, SafetensorsBytes(header, data: data).bytes, defect)
  }

  init(_ name: String, header: String, data: Int = 0, _ defect: JSONDefect) {
    self.init(name, header: header, data: data, .json(defect))
  }

  var description: String { name }

  func matches(_ error: SafetensorsError) -> Bool {
    guard case .malformed(Self.path, _, let defect) = expected else { return error == expected }
    guard case .malformed(Self.path, let offset, let got) = error else { return false }
    return got == defect && (8...max(8, bytes.count)).contains(offset)
  }

  static let path = "bad.safetensors"
}
