import HeddleText

extension Dimension {
  // Traps: never (quotient-depth).
  /// The value under these bindings.
  public func value(_ bindings: Bindings) throws(TypeError) -> Int {
    guard !isOverflowed else { throw .dimensionOverflow(description) }
    var sum = 0
    for term in terms {
      var product = term.coefficient
      for factor in term.factors {
        let value: Int
        switch factor {
        case .symbol(let symbol):
          guard let bound = bindings[symbol] else { throw .unboundSymbol(symbol) }
          value = bound
        case .ceilingQuotient(let dimension, let divisor):
          value = Dimension.ceilingQuotient(try dimension.value(bindings), divisor)
        }
        let (next, overflow) = product.multipliedReportingOverflow(by: value)
        guard !overflow else { throw .dimensionOverflow(description) }
        product = next
      }
      let (next, overflow) = sum.addingReportingOverflow(product)
      guard !overflow else { throw .dimensionOverflow(description) }
      sum = next
    }
    return sum
  }

  /// The value as an extent: zero or more.
  public func extent(_ bindings: Bindings) throws(TypeError) -> Int {
    let value = try value(bindings)
    guard value >= 0 else { throw .negativeDimension(description, value: value) }
    return value
  }

  // Traps: never (quotient-depth).
  /// Bounds of the value over all bindings in `ranges`, by interval arithmetic: never too narrow.
  public func bounds(_ ranges: SymbolRanges) throws(TypeError) -> ClosedRange<Int> {
    guard !isOverflowed else { throw .dimensionOverflow(description) }
    var low = 0
    var high = 0
    for term in terms {
      var interval = ClosedRange(between: term.coefficient, term.coefficient)
      for factor in term.factors {
        let factorRange: ClosedRange<Int>
        switch factor {
        case .symbol(let symbol):
          guard let range = ranges[symbol] else { throw .unboundSymbol(symbol) }
          factorRange = range
        case .ceilingQuotient(let dimension, let divisor):
          let range = try dimension.bounds(ranges)
          factorRange = ClosedRange(
            between: Dimension.ceilingQuotient(range.lowerBound, divisor),
            Dimension.ceilingQuotient(range.upperBound, divisor))
        }
        interval = try product(interval, factorRange)
      }
      let (nextLow, lowOverflow) = low.addingReportingOverflow(interval.lowerBound)
      let (nextHigh, highOverflow) = high.addingReportingOverflow(interval.upperBound)
      guard !lowOverflow, !highOverflow else { throw .dimensionOverflow(description) }
      (low, high) = (nextLow, nextHigh)
    }
    return ClosedRange(between: low, high)
  }

  private func product(_ a: ClosedRange<Int>, _ b: ClosedRange<Int>) throws(TypeError) -> ClosedRange<Int> {
    var corners: [Int] = []
    for (x, y) in [
      (a.lowerBound, b.lowerBound), (a.lowerBound, b.upperBound), (a.upperBound, b.lowerBound),
      (a.upperBound, b.upperBound),
    ] {
      let (corner, overflow) = x.multipliedReportingOverflow(by: y)
      guard !overflow else { throw .dimensionOverflow(description) }
      corners.append(corner)
    }
    return ClosedRange(between: corners.min() ?? 0, corners.max() ?? 0)
  }
}
