/// A box of bindings that one command list serves.
public struct BindingRange: Hashable, Codable, Sendable, CustomStringConvertible {
  public var ranges: SymbolRanges

  public init(_ ranges: SymbolRanges) { self.ranges = ranges }

  public func contains(_ bindings: Bindings) -> Bool {
    ranges.allSatisfy { symbol, range in bindings[symbol].map(range.contains) ?? false }
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
