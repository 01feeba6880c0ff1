import HeddleTypes

/// Puts rows that would keep the same places in the same group of 32, so that a vector-wise pattern keeps more.
///
/// First groups grow one after the other: the first free row chooses places, the rows that lose the smallest share of what
/// they could keep join it, and once more with the places that all of them choose. Then rows move, as in k-means: each group
/// chooses its places, and rows, those first to whom it matters most which group they get, go where they keep most and
/// there is room; for as long as that keeps more. Ties go to the lower number: the same rows give the same order.
struct RowGrouping {
  private let matrix: MagnitudeMatrix
  private let kept: Int
  private let size: Int
  /// What each row keeps if it chooses for itself.
  private let alone: [Float]

  private static let mostRounds = 8

  init(_ matrix: MagnitudeMatrix, kept: Int, of size: Int) {
    self.matrix = matrix
    self.kept = kept
    self.size = size
    alone = (0..<max(0, matrix.rows)).map { row in
      let values = matrix.sums(CollectionOfOne(row))
      return Float(MagnitudeMatrix.total(values, MagnitudeMatrix.mask(values, kept, of: size)))
    }
  }

  /// The rows, group after group; only the last group may be smaller than 32.
  func order() -> [Int] {
    var groups = grown()
    var best = total(groups)
    for _ in 0..<Self.mostRounds {
      let moved = moved(groups)
      let total = total(moved)
      guard total > best else { break }
      (groups, best) = (moved, total)
    }
    return arranged(groups)
  }

  private func mask(_ members: [Int]) -> [Float] { MagnitudeMatrix.mask(matrix.sums(members), kept, of: size) }

  private func total(_ groups: [[Int]]) -> Double {
    groups.reduce(0) { $0 + matrix.kept(kept, of: size, order: $1) }
  }

  // Traps: never (rows-of-matrix).
  private func grown() -> [[Int]] {
    var free = Array(0..<matrix.rows)
    var groups: [[Int]] = []
    while let first = free.first {
      var group = [first]
      for _ in 0..<2 {
        let mask = mask(group)
        let shares = free.map { alone[$0] > 0 ? matrix.product($0, mask) / alone[$0] : 1 }
        let order = free.indices.sorted { shares[$0] > shares[$1] || (shares[$0] == shares[$1] && $0 < $1) }
        group = order.prefix(SparsityPattern.vectorRows).map { free[$0] }.sorted()
      }
      groups.append(group)
      let taken = Set(group)
      free.removeAll { taken.contains($0) }
    }
    return groups
  }

  // Traps: never (rows-of-matrix).
  private func moved(_ groups: [[Int]]) -> [[Int]] {
    let masks = groups.map(mask)
    var room = groups.map(\.count)
    let choices = (0..<matrix.rows).map { row in masks.map { matrix.product(row, $0) } }
    let stakes = choices.map { choices in
      let two = choices.reduce((-Float.infinity, -Float.infinity)) { best, value in
        value > best.0 ? (value, best.0) : (best.0, max(best.1, value))
      }
      return two.0 - two.1
    }
    var result = [[Int]](repeating: [], count: groups.count)
    for row in stakes.indices.sorted(by: { stakes[$0] > stakes[$1] || (stakes[$0] == stakes[$1] && $0 < $1) }) {
      let open = room.indices.filter { room[$0] > 0 }
      guard var home = open.first else { continue }
      for group in open where choices[row][group] > choices[row][home] { home = group }
      room[home] -= 1
      result[home].append(row)
    }
    return result.map { $0.sorted() }
  }

  /// Full groups by their first row, then the smaller one.
  private func arranged(_ groups: [[Int]]) -> [Int] {
    groups.sorted { left, right in
      let (leftIsFull, rightIsFull) = (
        left.count == SparsityPattern.vectorRows, right.count == SparsityPattern.vectorRows
      )
      return leftIsFull != rightIsFull ? leftIsFull : (left.first ?? 0) < (right.first ?? 0)
    }.flatMap { $0 }
  }
}
