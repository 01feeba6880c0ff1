import HeddleText

/// A class of scalars as regular expressions write them: `[^\r\n\p{L}]`, `\s`, `x`.
struct ScalarClass: Sendable {
  private var categories: ScalarCategories = []
  /// Ascending, none into another.
  private var ranges: [ClosedRange<UInt32>] = []
  private var isNegated = false
  /// Those of ASCII, a bit each.
  private var asciiBits: (UInt64, UInt64) = (0, 0)

  init(
    _ categories: ScalarCategories, _ ranges: [ClosedRange<UInt32>] = [], isNegated: Bool = false
  ) {
    self.categories = categories
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = self.ranges.last, range.lowerBound <= last.upperBound {
        _ = self.ranges.popLast()
        self.ranges.append(last.lowerBound...max(last.lowerBound, last.upperBound, range.upperBound))
      } else {
        self.ranges.append(range)
      }
    }
    self.isNegated = isNegated
    for value in UInt32(0)..<128 where isListed(value, ScalarCategories(of: value)) != isNegated {
      if value < 64 { asciiBits.0 |= 1 &<< UInt64(value) } else { asciiBits.1 |= 1 &<< UInt64(value & 63) }
    }
  }

  /// - Parameter categories: those of the scalar.
  @inline(__always)
  func contains(_ value: UInt32, _ categories: ScalarCategories) -> Bool {
    guard value >= 128 else { return (value < 64 ? asciiBits.0 : asciiBits.1) >> UInt64(value & 63) & 1 != 0 }
    return isListed(value, categories) != isNegated
  }

  private func isListed(_ value: UInt32, _ categories: ScalarCategories) -> Bool {
    if !categories.isDisjoint(with: self.categories) { return true }
    var (first, end) = (0, ranges.count)
    while first < end {
      let middle = (first &+ end) >> 1
      guard let range = ranges[at: middle] else { return false }
      if range.contains(value) { return true }
      if value < range.lowerBound { end = middle } else { first = middle &+ 1 }
    }
    return false
  }
}
