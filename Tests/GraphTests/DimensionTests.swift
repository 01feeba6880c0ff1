import HeddleGraph
import Testing
import _KernelCases

@Suite struct DimensionTests {
  /// A random expression as a dimension, in one or another order, and its value by plain arithmetic.
  private indirect enum Expression {
    case number(Int), symbol(Symbol)
    case sum(Expression, Expression), difference(Expression, Expression), product(Expression, Expression)
    case quotient(Expression, Int)

    static func random(_ random: inout SplitMix64, depth: Int) -> Expression {
      let kind = random.next() % (depth == 0 ? 2 : 6)
      func next(_ random: inout SplitMix64) -> Expression { .random(&random, depth: depth - 1) }
      switch kind {
      case 0: return .number(Int(random.next() % 9) - 3)
      case 1: return .symbol(["a", "b", "c"][Int(random.next() % 3)])
      case 2: return .sum(next(&random), next(&random))
      case 3: return .difference(next(&random), next(&random))
      case 4: return .product(next(&random), next(&random))
      default: return .quotient(next(&random), Int(random.next() % 5) + 1)
      }
    }

    func dimension(isSwapped: Bool) -> Dimension {
      switch self {
      case .number(let value): return Dimension(value)
      case .symbol(let symbol): return Dimension(symbol)
      case .sum(let left, let right):
        let (l, r) = (left.dimension(isSwapped: isSwapped), right.dimension(isSwapped: isSwapped))
        return isSwapped ? r + l : l + r
      case .difference(let left, let right):
        let (l, r) = (left.dimension(isSwapped: isSwapped), right.dimension(isSwapped: isSwapped))
        return isSwapped ? Dimension(-1) * r + l : l - r
      case .product(let left, let right):
        let (l, r) = (left.dimension(isSwapped: isSwapped), right.dimension(isSwapped: isSwapped))
        return isSwapped ? r * l : l * r
      case .quotient(let inner, let divisor):
        return inner.dimension(isSwapped: isSwapped).dividedRoundingUp(by: divisor)
      }
    }

    func value(_ bindings: Bindings) -> Int {
      switch self {
      case .number(let value): return value
      case .symbol(let symbol): return bindings[symbol] ?? 0
      case .sum(let left, let right): return left.value(bindings) + right.value(bindings)
      case .difference(let left, let right): return left.value(bindings) - right.value(bindings)
      case .product(let left, let right): return left.value(bindings) * right.value(bindings)
      case .quotient(let inner, let divisor):
        let value = inner.value(bindings)
        return value >= 0 ? (value + divisor - 1) / divisor : -(-value / divisor)
      }
    }
  }

  @Test func `random expressions evaluate as integers do, and order does not matter`() throws {
    var random = SplitMix64(seed: 11)
    let ranges: SymbolRanges = ["a": 0...3, "b": 1...4, "c": 2...5]
    for _ in 0..<400 {
      let expression = Expression.random(&random, depth: 4)
      let (dimension, swapped) = (expression.dimension(isSwapped: false), expression.dimension(isSwapped: true))
      #expect(dimension == swapped, "\(dimension) and \(swapped)")
      let bounds = try dimension.bounds(ranges)
      for a in 0...3 {
        for b in 1...4 {
          for c in 2...5 {
            let bindings: Bindings = ["a": a, "b": b, "c": c]
            let value = try dimension.value(bindings)
            #expect(value == expression.value(bindings), "\(dimension) at \(bindings)")
            #expect(bounds.contains(value), "\(dimension) at \(bindings)")
          }
        }
      }
    }
  }

  @Test func `canonical form`() {
    let (past, tokens) = (Dimension("past"), Dimension("tokens"))
    #expect(past + tokens == tokens + past)
    #expect((past + tokens) * 2 - past * 2 == tokens * 2)
    #expect((tokens - tokens).constant == 0)
    #expect((tokens * 64).dividedRoundingUp(by: 64) == tokens)
    #expect((tokens + 1).dividedRoundingUp(by: 1) == tokens + 1)
    #expect(Dimension(-7).dividedRoundingUp(by: 2).constant == -3)
    #expect("\(tokens + past - 1)" == "past + tokens - 1")
    #expect(tokens.dividedRoundingUp(by: 64).symbols == ["tokens"])
  }

  @Test func `overflow is an error, never a trap`() {
    let n = Dimension("n")
    let big = Dimension(.max)
    #expect((big + 1).isOverflowed)
    #expect((Dimension(.min) * -1).isOverflowed)
    #expect((Dimension(.min) - 1).isOverflowed)
    #expect((big * n * 2).isOverflowed)
    #expect(n.dividedRoundingUp(by: 0).isOverflowed)
    #expect(n.dividedRoundingUp(by: -3).isOverflowed)
    #expect((big + 1).constant == nil)
    #expect(throws: TypeError.self) { try (big + 1).value([:]) }
    #expect(throws: TypeError.self) { try (n * n).value(["n": .max]) }
    #expect(throws: TypeError.self) { try (n + n).bounds(["n": 0...Int.max]) }
    #expect(throws: TypeError.unboundSymbol("n")) { try n.value([:]) }
    #expect(throws: TypeError.self) { try (n - 4).extent(["n": 3]) }
    #expect(TensorType(.float32, [big, big]).elementCount.isOverflowed)
  }

  @Test func `quotients nest to a limit, and are an error beyond it`() throws {
    var dimension = Dimension("n")
    for _ in 0..<4 { dimension = (dimension + 1).dividedRoundingUp(by: 2) }
    #expect(try dimension.value(["n": 16]) == 2)
    for _ in 0..<10_000 { dimension = (dimension + 1).dividedRoundingUp(by: 2) }
    #expect(dimension.isOverflowed)
    #expect(throws: TypeError.self) { try dimension.value(["n": 16]) }
    #expect(throws: TypeError.self) { try dimension.bounds(["n": 0...16]) }
    // Each level has the one below twice: its text would have 2⁴⁰ copies of the innermost.
    var bushy = Dimension("n")
    for _ in 0..<40 { bushy = (bushy + 1).dividedRoundingUp(by: 2) * (bushy + 2).dividedRoundingUp(by: 3) }
    #expect(bushy.isOverflowed)
  }
}
