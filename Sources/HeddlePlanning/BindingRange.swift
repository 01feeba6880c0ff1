/// A box of bindings that one command list serves.
public struct BindingRange: Hashable, Codable, Sendable, CustomStringConvertible {
  public var ranges: SymbolRanges

  public init(_ ranges: SymbolRanges) { self.ranges = ranges }

  public func contains(_ bindings: Bindings) -> Bool {
    ranges.allSatisfy { symbol, range in bindings[symbol].map(range.contains) ?? false }
  }

  /// A part of the box around these bindings, in which they may nearly double: every symbol's values end at the next power
  /// of two, or where they end in the box.
  package func part(around bindings: Bindings) -> BindingRange {
    part { bindings[$0]?.roundedUpToPowerOfTwo }
  }

  /// The part of the box that ends at these bindings.
  package func part(endingAt bindings: Bindings) -> BindingRange { part { bindings[$0] } }

  private func part(to end: (Symbol) -> Int?) -> BindingRange {
    BindingRange(
      Dictionary(
        ranges.map { symbol, range in
          let value = min(end(symbol) ?? range.upperBound, range.upperBound)
          return (symbol, range.lowerBound...max(range.lowerBound, value))
        }, uniquingKeysWith: { $1 }))
  }

  /// The box around both, if they begin alike.
  package func reaching(_ other: BindingRange) -> BindingRange {
    BindingRange(
      ranges.merging(other.ranges) { $0.lowerBound...max($0.lowerBound, $0.upperBound, $1.upperBound) })
  }

  /// The ranges a graph is planned for: a symbol that counts the rows of a matmul is cut into a token, a few, and a
  /// prompt; other symbols are not cut.
  public static func defaults(for graph: Graph) -> [BindingRange] {
    var cut: Symbol?
    for node in graph.nodes {
      guard node.operation is MatMul else { continue }
      let rows = graph.type(of: node.operand(0)).extent(-2)
      if let symbol = rows.symbols.first, rows == Dimension(symbol) {
        cut = symbol
        break
      }
    }
    let whole = graph.ranges
    guard let symbol = cut, let range = whole[symbol] else { return [BindingRange(whole)] }
    let pieces = [0...1, 2...16, 17...Int.max].compactMap { piece -> ClosedRange<Int>? in
      let low = max(piece.lowerBound, range.lowerBound)
      let high = min(piece.upperBound, range.upperBound)
      return low <= high ? low...high : nil
    }
    return pieces.map { piece in BindingRange(whole.merging([symbol: piece]) { $1 }) }
  }

  public var description: String {
    ranges.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.lowerBound)...\($0.value.upperBound)" }
      .joined(separator: ", ")
  }
}

extension Int {
  /// The least power of two that is not less, or the greatest `Int` if there is none.
  package var roundedUpToPowerOfTwo: Int {
    if self <= 1 { return 1 }
    let bits = Int.bitWidth &- (self &- 1).leadingZeroBitCount
    return bits < Int.bitWidth &- 1 ? 1 &<< bits : .max
  }
}
