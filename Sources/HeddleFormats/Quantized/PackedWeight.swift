import HeddleText

/// Reads the tensors of ``QuantizationScheme/packed(bits:)``.
enum PackedWeight {
  static func read(_ tensors: LayerTensors, bits: Int) throws(QuantizedWeightDefect) -> QuantizedWeight {
    guard bits == 4 || bits == 8 else { throw .unsupportedBits(bits) }
    let perWord = bits == 4 ? 8 : 4
    let weight = try tensors.tensor("weight_packed", [.i32])
    let (rows, words) = try weight.matrix()
    let columns = try shape(tensors, rows: rows, words: words, perWord: perWord)
    let scales = try tensors.tensor("weight_scale", ScaleBits.dtypes)
    let groupCount = scales.info.shape.count == 2 ? scales.info.shape.last ?? 1 : 1
    guard groupCount > 0, groupCount <= columns else {
      throw .wrongShape(tensor: scales.info.name, expected: [[rows], [rows, 1]], got: scales.info.shape)
    }
    try scales.requireShape([], [1], [rows], [rows, groupCount])
    let isWhole = scales.info.shape.isEmpty || (scales.info.shape == [1] && rows > 1)

    var levels = GroupedLevels(rows: rows, columns: columns, bits: bits, groupCount: groupCount)
    let stored = try scales.scales()
    levels.setScales { group, row in stored[at: isWhole ? 0 : row &* groupCount &+ group] ?? 0 }
    let middle = Int16(truncatingIfNeeded: 1 << (bits &- 1))
    levels.setZeros { _, _ in middle }
    if let zeros = try tensors.optional("weight_zero_point", [.i32]) {
      try zeros.requireShape([rows.dividedRoundingUp(by: perWord), groupCount])
      zeros.withBytes { bytes in
        levels.setZeros { group, row in
          let word: UInt32 = bytes.littleEndian(at: 4 &* (row.divided(by: perWord) &* groupCount &+ group))
          return Int16(truncatingIfNeeded: GPTQWeight.level(word, row, bits))
        }
      }
    }
    weight.withBytes { bytes in
      levels.setLevels { row, column in
        let word: UInt32 = bytes.littleEndian(at: 4 &* (row &* words &+ column.divided(by: perWord)))
        return UInt8(truncatingIfNeeded: GPTQWeight.level(word, column, bits))
      }
    }
    let blockSizes = GroupedLevels.blockSizes(bits: bits, isSymmetric: levels.isSymmetric)
    if let order = try GPTQWeight.groups(tensors, "weight_g_idx", columns: columns, count: groupCount) {
      return try levels.weight(InputGroups(order, count: groupCount, blockSizes: blockSizes))
    }
    let size = columns.dividedRoundingUp(by: groupCount)
    return try levels.weight(InputGroups(size: size, columns: columns, blockSizes: blockSizes))
  }

  /// The columns that `weight_shape` says, of which the last word may have fewer than it could.
  private static func shape(
    _ tensors: LayerTensors, rows: Int, words: Int, perWord: Int
  ) throws(QuantizedWeightDefect) -> Int {
    let columns = words &* perWord
    guard let stored = try tensors.optional("weight_shape", [.i64, .i32]) else { return columns }
    try stored.requireShape([2])
    let isWide = stored.info.dtype == .i64
    let shape = stored.withBytes { bytes in
      (0..<2).map { place in
        isWide
          ? Int(bytes.littleEndian(Int64.self, at: 8 &* place)) : Int(bytes.littleEndian(Int32.self, at: 4 &* place))
      }
    }
    guard shape.first == rows, let declared = shape.last, declared > columns &- perWord, declared <= columns else {
      throw .wrongShape(
        tensor: "\(tensors.layer).weight_packed", expected: [shape], got: [rows, columns])
    }
    return declared
  }
}
