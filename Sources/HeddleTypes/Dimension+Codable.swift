extension Dimension {
  private struct Wire: Decodable {
    var terms: [Term]
    var isOverflowed: Bool?
  }

  /// Decodes and checks: only the canonical form of an expression that fits 64 bits is accepted, so decoded
  /// dimensions compare and evaluate as built ones do.
  public init(from decoder: any Decoder) throws {
    let wire = try Wire(from: decoder)
    var sum = Dimension(0)
    for term in wire.terms {
      var product = Dimension(term.coefficient)
      for factor in term.factors {
        switch factor {
        case .symbol(let symbol): product = product * Dimension(symbol)
        case .ceilingQuotient(let dimension, let divisor):
          product = product * dimension.dividedRoundingUp(by: divisor)
        }
      }
      sum = sum + product
    }
    guard !sum.isOverflowed, wire.isOverflowed != true, sum.terms == wire.terms else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "a dimension must be in canonical form, as encoded"))
    }
    self = sum
  }
}
