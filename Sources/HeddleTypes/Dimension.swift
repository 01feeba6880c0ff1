/// An extent: an integer expression over ``Symbol``s in canonical form, so equal expressions compare equal.
///
/// A dimension is a sum of integer multiples of products of atoms; an atom is a symbol or `⌈expression / n⌉`.
/// `past + tokens` and `tokens + past` are the same value; zero is a legal extent.
///
/// Arithmetic never traps and stays short: a coefficient that leaves 64 bits, an expression of more than ``maximumSize``,
/// or quotients deeper than ``maximumQuotientDepth`` make the dimension ``isOverflowed``, and evaluating it throws
/// ``TypeError/dimensionOverflow(_:)``.
public struct Dimension: Hashable, Sendable {
  /// A factor that is not a number.
  public indirect enum Atom: Hashable, Codable, Sendable {
    case symbol(Symbol)
    /// `⌈dimension / divisor⌉`, `divisor > 0`.
    case ceilingQuotient(Dimension, Int)
  }

  /// `coefficient · Π factors`, factors sorted by their text.
  public struct Term: Hashable, Codable, Sendable {
    public var coefficient: Int
    public var factors: [Atom]
  }

  /// Sorted by the text of the factors, no zero coefficients: the canonical form.
  public private(set) var terms: [Term]
  /// Some coefficient did not fit 64 bits, or the expression was too long or too deep.
  public private(set) var isOverflowed = false

  /// The most terms and factors of an expression, those inside quotients counted too. Multiplied out, a short text could
  /// have billions.
  public static let maximumSize = 4096
  /// How deep quotients may be inside each other: what evaluates and prints them recurses.
  public static let maximumQuotientDepth = 64

  public init(_ value: Int) {
    terms = value == 0 ? [] : [Term(coefficient: value, factors: [])]
  }

  public init(_ symbol: Symbol) {
    terms = [Term(coefficient: 1, factors: [.symbol(symbol)])]
  }

  private init(atom: Atom) {
    terms = [Term(coefficient: 1, factors: [atom])]
  }

  /// The value if no symbol is involved.
  public var constant: Int? {
    if isOverflowed { return nil }
    if terms.isEmpty { return 0 }
    if terms.count == 1, terms[0].factors.isEmpty { return terms[0].coefficient }
    return nil
  }

  // Traps: never (quotient-depth).
  /// Every symbol the value depends on.
  public var symbols: Set<Symbol> {
    var found: Set<Symbol> = []
    for atom in terms.flatMap(\.factors) {
      switch atom {
      case .symbol(let symbol): found.insert(symbol)
      case .ceilingQuotient(let dimension, _): found.formUnion(dimension.symbols)
      }
    }
    return found
  }

  /// `⌈self / divisor⌉`; a divisor below one overflows, and so does what is too long or too deep.
  public func dividedRoundingUp(by divisor: Int) -> Dimension {
    guard divisor > 0, !isOverflowed else { return .overflowed }
    if divisor == 1 { return self }
    if let value = constant { return Dimension(Dimension.ceilingQuotient(value, divisor)) }
    if terms.allSatisfy({ $0.coefficient % divisor == 0 }) {
      var exact = self
      for index in exact.terms.indices { exact.terms[index].coefficient /= divisor }
      return exact
    }
    guard size &+ 2 <= Self.maximumSize, depth < Self.maximumQuotientDepth else { return .overflowed }
    return Dimension(atom: .ceilingQuotient(self, divisor))
  }

  /// The least multiple of `multiple` not below `self`.
  public func roundedUp(toMultipleOf multiple: Int) -> Dimension {
    dividedRoundingUp(by: multiple) * Dimension(multiple)
  }

  // Traps: never (quotient-depth).
  /// How deep quotients are inside each other.
  private var depth: Int {
    terms.lazy.flatMap(\.factors).reduce(0) { depth, atom in
      if case .ceilingQuotient(let dimension, _) = atom { max(depth, dimension.depth &+ 1) } else { depth }
    }
  }

  // Traps: never (quotient-depth).
  /// How many terms and factors there are; at most ``maximumSize``.
  private var size: Int {
    var count = terms.count
    for atom in terms.lazy.flatMap(\.factors) {
      count &+= 1
      if case .ceilingQuotient(let dimension, _) = atom { count &+= dimension.size }
    }
    return count
  }

  static var overflowed: Dimension {
    var dimension = Dimension(0)
    dimension.isOverflowed = true
    return dimension
  }

  static func ceilingQuotient(_ value: Int, _ divisor: Int) -> Int {
    let divisor = max(1, divisor)
    return value / divisor &+ (value % divisor > 0 ? 1 : 0)
  }

  /// Merges equal products, drops zeros and sorts.
  private static func canonical(_ terms: [Term]) -> Dimension {
    var result = Dimension(0)
    let keyed = terms.map { (key: $0.factors.map(\.description).joined(separator: "·"), term: $0) }
      .sorted { $0.key < $1.key }
    for (_, term) in keyed {
      if var last = result.terms.last, last.factors == term.factors {
        let (sum, overflow) = last.coefficient.addingReportingOverflow(term.coefficient)
        if overflow { return .overflowed }
        last.coefficient = sum
        _ = result.terms.popLast()
        result.terms.append(last)
      } else {
        result.terms.append(term)
      }
    }
    result.terms.removeAll { $0.coefficient == 0 }
    return result
  }

  public static func + (left: Dimension, right: Dimension) -> Dimension {
    if left.isOverflowed || right.isOverflowed || left.size &+ right.size > maximumSize { return .overflowed }
    return canonical(left.terms + right.terms)
  }

  public static func - (left: Dimension, right: Dimension) -> Dimension { left + right * Dimension(-1) }

  public static func * (left: Dimension, right: Dimension) -> Dimension {
    if left.isOverflowed || right.isOverflowed { return .overflowed }
    let (rows, columns) = (left.terms.count, right.terms.count)
    guard left.size &* columns &+ right.size &* rows &- rows &* columns <= maximumSize else { return .overflowed }
    var products: [Term] = []
    for a in left.terms {
      for b in right.terms {
        let (coefficient, overflow) = a.coefficient.multipliedReportingOverflow(by: b.coefficient)
        if overflow { return .overflowed }
        let factors = (a.factors + b.factors).sorted { $0.description < $1.description }
        products.append(Term(coefficient: coefficient, factors: factors))
      }
    }
    return canonical(products)
  }
}

extension Dimension: ExpressibleByIntegerLiteral {
  public init(integerLiteral value: Int) { self.init(value) }
}
