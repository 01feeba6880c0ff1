import HeddleText

/// What is wrong with a JSON text, or with what stands in it.
public enum JSONDefect: Error, Hashable, Sendable {
  case unexpected(found: String, expected: String)
  case invalidUTF8
  /// A byte below 32 in a string, which JSON wants escaped.
  case controlCharacter(UInt8)
  /// Half of a UTF-16 pair, written `\uD8xx` or `\uDCxx`.
  case loneSurrogate(UInt16)
  case invalidNumber(String, expected: String)
  case duplicateKey(String)
  case missingField(String, of: String)
  case unknownField(String, of: String)
  case limitExceeded(what: String, limit: Int)
}

extension JSONDefect: CustomStringConvertible {
  public var description: String { Printable.text(message) }

  private var message: String {
    switch self {
    case .unexpected(let found, let expected): "expected \(expected), found \(found)"
    case .invalidUTF8: "a string is not valid UTF-8"
    case .controlCharacter(let byte): "a string contains the unescaped control character \(byte)"
    case .loneSurrogate(let unit): "a string contains \\u\(String(unit, radix: 16)), half of a UTF-16 pair"
    case .invalidNumber(let text, let expected): "expected \(expected), found \(text)"
    case .duplicateKey(let key): "the key \(quoted(key)) appears twice"
    case .missingField(let field, let owner): "\(quoted(owner)) has no \(quoted(field))"
    case .unknownField(let field, let owner): "\(quoted(owner)) has a field \(quoted(field)), which is not known"
    case .limitExceeded(let what, let limit): "there are more \(what) than the limit of \(limit)"
    }
  }
}

extension JSONDefect: HeddleError {
  public var kind: ErrorKind { .invalidFile }
}

/// A defect and where it begins, in bytes from the beginning of the text.
package struct JSONError: Error, Hashable {
  package var offset: Int
  package var defect: JSONDefect
}
