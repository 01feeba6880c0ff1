import HeddleText

/// What is wrong with a value of a model folder's configuration. Keys inside of others are named with both: `a.b`.
public enum HubConfigDefect: Error, Hashable, Sendable {
  case missingKey(String)
  case wrongType(key: String, expected: String, found: String)
  case outOfRange(key: String, value: String, range: ClosedRange<Int>)
  /// A value that would change what the model computes, and that is not computed.
  case unsupported(key: String, value: String, supported: String)
  /// Values contradict each other.
  case invalid(key: String, value: String, reason: String)
}

extension HubConfigDefect: CustomStringConvertible {
  public var description: String { Printable.text(message) }

  private var message: String {
    switch self {
    case .missingKey(let key): "the key \(quoted(key)) is missing"
    case .wrongType(let key, let expected, let found): "\(quoted(key)) is \(found); it must be \(expected)"
    case .outOfRange(let key, let value, let range):
      "\(quoted(key)) is \(value); it must be in \(range.lowerBound)...\(range.upperBound)"
    case .unsupported(let key, let value, let supported): "\(quoted(key)) is \(value); supported: \(supported)"
    case .invalid(let key, let value, let reason): "\(quoted(key)) is \(value): \(reason)"
    }
  }
}

extension HubConfigDefect: HeddleError {
  public var kind: ErrorKind { if case .unsupported = self { .unsupported } else { .invalidFile } }
}
