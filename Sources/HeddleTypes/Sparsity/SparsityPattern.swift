/// Which values of a weight `[M, K]` are kept: fixed by position, whatever the values are. A kept value may be 0, and
/// what is not kept counts as +0 and is never multiplied.
///
/// | name | kept | who shares it |
/// |---|---|---|
/// | `2:4` | N of each M neighbours of a row, M in 4, 8, 16 and N a half, a quarter or an eighth of it | nobody |
/// | `vw16:32` | N of each M neighbours along K, 1 ≤ N ≤ M ≤ 64 | 32 rows from a multiple of 32 on |
/// | `nvw16:32` | the same, ordered by importance: a run may use the first of each M alone | as `vw` |
/// | `block32@75` | blocks of S×S values, S in 16, 32, 48, 64; P % of all blocks are left out | the block |
///
/// M, S divide K (`N:M` per row needs K % 32 == 0); rows may be any number. Of `t` blocks `t − ⌊t·P / 100⌋` are kept,
/// wherever they lie: rows of blocks may keep all or none.
public struct SparsityPattern: Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    /// `kept` of each `of` neighbours, each row by itself.
    case perRow(kept: Int, of: Int)
    /// `kept` of each `of` neighbours, the same for ``SparsityPattern/vectorRows`` rows.
    case vectorWise(kept: Int, of: Int, isNested: Bool)
    /// Squares of `size` values; `percent` of them are left out.
    case block(size: Int, percent: Int)
  }

  public let kind: Kind

  /// Rows that share a vector-wise pattern.
  public static let vectorRows = 32

  /// - Throws: ``TypeError/invalidPattern(_:)`` for numbers outside the table above.
  public init(_ kind: Kind) throws(TypeError) {
    switch kind {
    case .perRow(let kept, let size):
      guard [4, 8, 16].contains(size), [2, 4, 8].contains(where: { kept == size / $0 }), kept > 0 else {
        throw .invalidPattern("\(kept):\(size) per row; there are 1:4, 2:4, 1:8, 2:8, 4:8, 2:16, 4:16, 8:16")
      }
    case .vectorWise(let kept, let size, _):
      guard (1...64).contains(size), (1...size).contains(kept) else {
        throw .invalidPattern("\(kept):\(size) vector-wise; it must be N:M with 1 ≤ N ≤ M ≤ 64")
      }
    case .block(let size, let percent):
      guard [16, 32, 48, 64].contains(size), (0...100).contains(percent) else {
        throw .invalidPattern("blocks of \(size) with \(percent) % left out; sizes are 16, 32, 48, 64")
      }
    }
    self.kind = kind
  }

  public var name: String {
    switch kind {
    case .perRow(let kept, let size): "\(kept):\(size)"
    case .vectorWise(let kept, let size, let isNested): "\(isNested ? "nvw" : "vw")\(kept):\(size)"
    case .block(let size, let percent): "block\(size)@\(percent)"
    }
  }

  /// The pattern called `name`, if there is one.
  public init?(name: String) {
    func numbers(_ text: Substring, _ separator: Character) -> (Int, Int)? {
      let parts = text.split(separator: separator, omittingEmptySubsequences: false).map { Int($0) }
      guard parts.count == 2, let first = parts.first ?? nil, let second = parts.last ?? nil else { return nil }
      return (first, second)
    }
    let kind: Kind?
    if name.hasPrefix("block") {
      kind = numbers(name.dropFirst(5), "@").map { .block(size: $0.0, percent: $0.1) }
    } else if name.hasPrefix("nvw") {
      kind = numbers(name.dropFirst(3), ":").map { .vectorWise(kept: $0.0, of: $0.1, isNested: true) }
    } else if name.hasPrefix("vw") {
      kind = numbers(name.dropFirst(2), ":").map { .vectorWise(kept: $0.0, of: $0.1, isNested: false) }
    } else {
      kind = numbers(Substring(name), ":").map { .perRow(kept: $0.0, of: $0.1) }
    }
    guard let kind, let pattern = try? SparsityPattern(kind), pattern.name == name else { return nil }
    self = pattern
  }

  /// Neighbours along K that are stored together: the *span* of a stored block of one row.
  public var span: Int {
    switch kind {
    case .perRow: 32
    case .vectorWise(_, let size, _), .block(let size, _): size
    }
  }

  /// Values that a row keeps of a span, if it keeps the span at all.
  public var keptPerSpan: Int {
    switch kind {
    case .perRow(let kept, let size): 32 / max(1, size) &* kept
    case .vectorWise(let kept, _, _): kept
    case .block(let size, _): size
    }
  }

  /// The share of values that are kept.
  public var density: Double {
    if case .block(_, let percent) = kind { return 1 - Double(percent) / 100 }
    return Double(keptPerSpan) / Double(span)
  }

  /// Rows that keep the same positions, from a multiple of it on.
  public var rowsPerGroup: Int {
    switch kind {
    case .perRow: 1
    case .vectorWise: Self.vectorRows
    case .block(let size, _): size
    }
  }

  public var isNested: Bool {
    if case .vectorWise(_, _, true) = kind { true } else { false }
  }

  /// Bits of one index of an `N:M` row; 0 for patterns that rows share.
  public var indexBits: Int {
    guard case .perRow(_, let size) = kind else { return 0 }
    return size == 4 ? 2 : 4
  }
}

extension SparsityPattern: CustomStringConvertible {
  public var description: String { name }
}
