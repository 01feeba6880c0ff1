import HeddleText

/// Which inputs share a scale, as blocks of neighbours.
struct InputGroups {
  /// Values of a block.
  let blockSize: Int
  /// For each block its group.
  let groups: [Int]
  /// For each place in a row its input; nil if each is at its own.
  let inputOrder: [Int]?

  /// Groups of neighbours: column k is of group `k / size`, the last may be smaller.
  ///
  /// - Parameter blockSizes: what blocks may have, the greatest first.
  init(size: Int, columns: Int, blockSizes: [Int]) throws(QuantizedWeightDefect) {
    let size = min(size, columns)
    guard let blockSize = blockSizes.first(where: { size.isMultiple(of: $0) && columns.isMultiple(of: $0) }) else {
      let least = blockSizes.last ?? 1
      throw .groupNotInBlocks(columns: size.isMultiple(of: least) ? columns : size, block: least)
    }
    self.blockSize = blockSize
    let blocks = columns.divided(by: blockSize)
    let blocksOfGroup = size.divided(by: blockSize)
    groups = (0..<max(0, blocks)).map { $0.divided(by: blocksOfGroup) }
    inputOrder = nil
  }

  /// Groups of columns from anywhere: if neighbours do not share theirs, columns are sorted by group.
  init(_ groupOfColumn: [Int], count: Int, blockSizes: [Int]) throws(QuantizedWeightDefect) {
    if let blockSize = blockSizes.first(where: { Self.isInBlocks(groupOfColumn, of: $0) }) {
      self.blockSize = blockSize
      groups = stride(from: 0, to: groupOfColumn.count, by: max(1, blockSize)).map { groupOfColumn[at: $0] ?? 0 }
      inputOrder = nil
      return
    }
    var members = [[Int]](filled: [], count: count)  // Traps: never (clamped-count).
    for (column, group) in groupOfColumn.enumerated() { members.update(at: group) { $0.append(column) } }
    guard let blockSize = blockSizes.first(where: { size in members.allSatisfy { $0.count.isMultiple(of: size) } })
    else {
      let least = blockSizes.last ?? 1
      let odd = members.first { !$0.count.isMultiple(of: least) } ?? []
      throw .groupNotInBlocks(columns: odd.count, block: least)
    }
    self.blockSize = blockSize
    groups = members.enumerated().flatMap { group, columns in
      [Int](filled: group, count: columns.count.divided(by: blockSize))  // Traps: never (clamped-count).
    }
    inputOrder = members.flatMap { $0 }
  }

  /// Whether all columns of each block are of one group.
  private static func isInBlocks(_ groups: [Int], of size: Int) -> Bool {
    groups.count.isMultiple(of: size)
      && groups.enumerated().allSatisfy { $1 == groups[at: $0.divided(by: size) &* size] }
  }
}
