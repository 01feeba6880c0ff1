import HeddleText

/// What files hold group by group or column by column, into rows.
extension GroupedLevels {
  mutating func setScales(_ scale: (_ group: Int, _ row: Int) -> Float) {
    for row in 0..<max(0, rows) {
      for group in 0..<max(0, groupCount) {
        scales.update(at: row &* groupCount &+ group) { $0 = scale(group, row) }
      }
    }
  }

  mutating func setZeros(_ zero: (_ group: Int, _ row: Int) -> Int16) {
    for row in 0..<max(0, rows) {
      for group in 0..<max(0, groupCount) {
        zeros.update(at: row &* groupCount &+ group) { $0 = zero(group, row) }
      }
    }
  }

  mutating func setLevels(_ level: (_ row: Int, _ column: Int) -> UInt8) {
    levels.withUnsafeMutableBufferPointer { levels in
      for row in 0..<max(0, rows) {
        for column in 0..<max(0, columns) { levels[row &* columns &+ column] = level(row, column) }
      }
    }
  }
}
