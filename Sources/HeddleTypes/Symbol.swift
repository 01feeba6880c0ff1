@_exported import HeddleText

/// A named extent that gets its value when a graph runs: `tokens`, `past`, `capacity`.
public struct Symbol: Hashable, Codable, Sendable, Comparable, ExpressibleByStringLiteral, CustomStringConvertible {
  public let name: String

  public init(_ name: String) { self.name = name }
  public init(stringLiteral value: String) { self.init(value) }

  public init(from decoder: any Decoder) throws { name = try decoder.singleValueContainer().decode(String.self) }
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(name)
  }

  /// Whether the name is an identifier, `[A-Za-z_][A-Za-z0-9_]*`: what an expression can spell, and every language can take
  /// as a keyword.
  public var isIdentifier: Bool {
    let scalars = name.unicodeScalars
    func isLetter(_ scalar: Unicode.Scalar) -> Bool {
      ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || scalar == "_"
    }
    guard let first = scalars.first, isLetter(first) else { return false }
    return scalars.allSatisfy { isLetter($0) || ("0"..."9").contains($0) }
  }

  public static func < (left: Symbol, right: Symbol) -> Bool { Name(left.name) < Name(right.name) }
  public var description: String { name }
}

/// Names are compared by their bytes: see `Name`.
extension Symbol {
  public static func == (left: Symbol, right: Symbol) -> Bool { left.name.hasSameBytes(as: right.name) }
  public func hash(into hasher: inout Hasher) { hasher.combine(Name(name)) }
}

/// Values of symbols for one run.
public typealias Bindings = [Symbol: Int]

/// The values each symbol may take.
public typealias SymbolRanges = [Symbol: ClosedRange<Int>]
