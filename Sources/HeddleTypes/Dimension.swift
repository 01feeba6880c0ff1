/// An extent: an integer expression over ``Symbol``s in canonical form, so equal expressions compare equal.
///
/// A dimension is a sum of integer multiples of products of atoms; an atom is a symbol or `⌈expression / n⌉`.
/// `past + tokens` and `tokens + past` are the same value; zero is a legal extent.
///
/// Arithmetic never traps: a coefficient that leaves 64 bits, or a quotient beyond ``maximumQuotientDepth`` or
/// ``maximumQuotientAtoms``, makes the dimension ``isOverflowed``, and evaluating it throws
/// ``TypeError/dimensionOverflow(_:)``.
public struct Dimension: Hashable, Codable, Sendable {
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
  /// Some coefficient did not fit 64 bits, or some quotient was beyond ``maximumQuotientDepth`` or
  /// ``maximumQuotientAtoms``.
  public private(set) var isOverflowed = false

  public init(_ value: Int) {
    terms = value == 0 ? [] : [Term(coefficient: value, factors: [])]
  }

  public init(_ symbol: Symbol) {
    terms = [Term(coefficient: 1, factors: [.symbol(symbol)])]
  }

  /// How deep quotients may be inside each other: what evaluates and prints them recurses.
  public static let maximumQuotientDepth = 64
  /// Atoms of an expression that a quotient is taken of, with those inside its own quotients: the text has all of them.
  public static let maximumQuotientAtoms = 4096

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

  // Traps: never, `maximumQuotientDepth` bounds the depth.
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

  // Traps: never, `maximumQuotientDepth` bounds the depth, and memory the terms.
  /// The atoms of all terms, with those inside quotients, and how deep quotients are.
  private var size: (atoms: Int, depth: Int) {
    terms.flatMap(\.factors).reduce((0, 0)) { size, atom in
      guard case .ceilingQuotient(let dimension, _) = atom else { return (size.atoms + 1, size.depth) }
      let inner = dimension.size
      return (size.atoms + 1 + inner.atoms, max(size.depth, inner.depth + 1))
    }
  }

  /// `⌈self / divisor⌉`; a divisor below one overflows, and so does one beyond
  /// ``maximumQuotientDepth`` or ``maximumQuotientAtoms``.
  public func dividedRoundingUp(by divisor: Int) -> Dimension {
    guard divisor > 0, !isOverflowed else { return .overflowed }
    if divisor == 1 { return self }
    if let value = constant { return Dimension(Dimension.ceilingQuotient(value, divisor)) }
    if terms.allSatisfy({ $0.coefficient % divisor == 0 }) {
      var exact = self
      for index in exact.terms.indices { exact.terms[index].coefficient /= divisor }
      return exact
    }
    let (atoms, depth) = size
    guard atoms <= Self.maximumQuotientAtoms, depth < Self.maximumQuotientDepth else { return .overflowed }
    return Dimension(atom: .ceilingQuotient(self, divisor))
  }

  /// The least multiple of `multiple` not below `self`.
  public func roundedUp(toMultipleOf multiple: Int) -> Dimension {
    dividedRoundingUp(by: multiple) * Dimension(multiple)
  }

  static var overflowed: Dimension {
    var dimension = Dimension(0)
    dimension.isOverflowed = true
    return dimension
  }

  // Traps: never, divisors are positive, and one of at least 2 leaves room for the rounding.
  static func ceilingQuotient(_ value: Int, _ divisor: Int) -> Int {
    value / divisor + (value % divisor > 0 ? 1 : 0)
  }

  /// Merges equal products, drops zeros and sorts.
  private static func canonical(_ terms: [Term]) -> Dimension {
    var result = Dimension(0)
    let keyed = terms.map { (key: $0.factors.map(\.description).joined(separator: "·"), term: $0) }
      .sorted { $0.key < $1.key }
    for (_, term) in keyed {
      if let last = result.terms.last, last.factors == term.factors {
        let (sum, overflow) = last.coefficient.addingReportingOverflow(term.coefficient)
        if overflow { return .overflowed }
        // Traps: never, there is a last term.
        result.terms[result.terms.count - 1].coefficient = sum
      } else {
        result.terms.append(term)
      }
    }
    result.terms.removeAll { $0.coefficient == 0 }
    return result
  }

  public static func + (left: Dimension, right: Dimension) -> Dimension {
    if left.isOverflowed || right.isOverflowed { return .overflowed }
    return canonical(left.terms + right.terms)
  }

  public static func - (left: Dimension, right: Dimension) -> Dimension { left + right * Dimension(-1) }

  public static func * (left: Dimension, right: Dimension) -> Dimension {
    if left.isOverflowed || right.isOverflowed { return .overflowed }
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

extension Dimension.Atom: CustomStringConvertible {
  public var description: String {
    switch self {
    case .symbol(let symbol): symbol.name
    case .ceilingQuotient(let dimension, let divisor): "⌈(\(dimension))/\(divisor)⌉"
    }
  }
}

// Traps: never, `maximumQuotientDepth` bounds the depth.
extension Dimension: CustomStringConvertible {
  public var description: String {
    if isOverflowed { return "(overflow)" }
    if terms.isEmpty { return "0" }
    // Numbers last: "tokens + past − 1" reads better than "−1 + past + tokens".
    let ordered = terms.filter { !$0.factors.isEmpty } + terms.filter(\.factors.isEmpty)
    var text = ""
    for (index, term) in ordered.enumerated() {
      let magnitude = term.coefficient.magnitude
      let sign = term.coefficient < 0 ? (index == 0 ? "-" : " - ") : (index == 0 ? "" : " + ")
      let product = term.factors.map(\.description).joined(separator: "·")
      text += sign + (product.isEmpty ? "\(magnitude)" : magnitude == 1 ? product : "\(magnitude)·\(product)")
    }
    return text
  }
}
