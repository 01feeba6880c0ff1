/// The JSON form is a number, or an expression as ``Dimension/init(parsing:)`` reads it, `"past + tokens"`. What no
/// expression gives back, such as a symbol called `a b`, is written as ``Dimension/terms``.
extension Dimension: Codable {
  private struct Terms: Codable {
    var terms: [Term]
    var isOverflowed: Bool?
    enum CodingKeys: CodingKey { case terms, isOverflowed }
  }

  public func encode(to encoder: any Encoder) throws {
    if let constant {
      var container = encoder.singleValueContainer()
      try container.encode(constant)
    } else if let expression {
      var container = encoder.singleValueContainer()
      try container.encode(expression)
    } else {
      try Terms(terms: terms, isOverflowed: isOverflowed).encode(to: encoder)
    }
  }

  public init(from decoder: any Decoder) throws {
    func corrupted(_ text: String) -> DecodingError {
      .dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: text))
    }
    let container = try decoder.singleValueContainer()
    if let text = try? container.decode(String.self) {
      do { try self.init(parsing: text) } catch { throw corrupted("\(error)") }
    } else if let value = try? container.decode(Int.self) {
      self.init(value)
    } else if (try? decoder.container(keyedBy: Terms.CodingKeys.self)) != nil {
      guard let dimension = Dimension(try Terms(from: decoder)) else {
        throw corrupted("the terms of a dimension must be in canonical form, as encoded")
      }
      self = dimension
    } else {
      throw corrupted("a dimension is a number of 64 bits or an expression in quotes")
    }
  }

  /// Nil unless the terms are the canonical form of an expression that fits 64 bits: decoded dimensions compare and
  /// evaluate as built ones do.
  private init?(_ wire: Terms) {
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
    guard !sum.isOverflowed, wire.isOverflowed != true, sum.terms == wire.terms else { return nil }
    self = sum
  }
}
