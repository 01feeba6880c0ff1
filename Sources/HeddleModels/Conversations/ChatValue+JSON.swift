import ChatTemplates
import HeddleFormats
import HeddleText

extension ChatValue {
  /// What a JSON text says (RFC 8259). Whole numbers that fit 64 bits are integers, all others are nearest in float64.
  ///
  /// - Throws: ``ModelError/invalidJSON(line:_:)`` with the line where it begins to be none, or to nest more than
  ///   24 levels deep.
  public init(json: String) throws(ModelError) {
    let bytes = Array(json.utf8)
    let result = bytes.withUnsafeBytes { bytes in
      Result { () throws(JSONError) in
        var scanner = JSONScanner(bytes)
        scanner.skipWhitespace()
        let value = try ChatValue(&scanner, depth: 0)
        scanner.skipWhitespace()
        try scanner.end()
        return value
      }
    }
    do throws(JSONError) {
      self = try result.get()
    } catch {
      let line = 1 &+ bytes.part(from: 0, to: error.offset).count { $0 == UInt8(ascii: "\n") }
      throw .invalidJSON(line: line, error.defect)
    }
  }

  // Traps: never (json-depth).
  private init(_ scanner: inout JSONScanner, depth: Int) throws(JSONError) {
    let isNested = scanner.peek == UInt8(ascii: "{") || scanner.peek == UInt8(ascii: "[")
    guard !isNested || depth < ChatTemplate.Limits.valueDepth else { throw Self.tooDeep(scanner) }
    switch scanner.peek {
    case UInt8(ascii: "{")?:
      var members = JSONScanner.Members()
      var object: [ChatMember] = []
      while let (key, _) = try scanner.nextKey(&members) {
        object.append(ChatMember(key, try ChatValue(&scanner, depth: depth &+ 1)))
      }
      self = try Self.bounded(scanner) { () throws(ChatTemplateError) in try ChatValue(object: object) }
    case UInt8(ascii: "[")?:
      let list = try scanner.array("elements of a list", limit: Self.greatestCount) {
        scanner throws(JSONError) in try ChatValue(&scanner, depth: depth &+ 1)
      }
      self = try Self.bounded(scanner) { () throws(ChatTemplateError) in try ChatValue(list: list) }
    case UInt8(ascii: "\"")?: self.init(try scanner.string())
    case UInt8(ascii: "t")?, UInt8(ascii: "f")?: self.init(try scanner.bool())
    case UInt8(ascii: "n")?:
      try scanner.null()
      self = .null
    default:
      let (number, integer) = try scanner.number()
      if let integer { self.init(integer) } else { self.init(number) }
    }
  }

  private static let greatestCount = 1 << 20

  private static func bounded(
    _ scanner: JSONScanner, _ make: () throws(ChatTemplateError) -> ChatValue
  ) throws(JSONError) -> ChatValue {
    do throws(ChatTemplateError) {
      return try make()
    } catch {
      throw tooDeep(scanner)
    }
  }

  private static func tooDeep(_ scanner: JSONScanner) -> JSONError {
    scanner.error(.limitExceeded(what: "nested values", limit: ChatTemplate.Limits.valueDepth))
  }
}
