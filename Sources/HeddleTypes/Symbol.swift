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
