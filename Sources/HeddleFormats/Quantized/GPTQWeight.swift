import HeddleText

/// Reads the tensors of ``QuantizationScheme/gptq(bits:groupSize:_:)``.
enum GPTQWeight {
  static func read(
    _ tensors: LayerTensors, bits: Int, groupSize: Int?, _ version: QuantizationScheme.GPTQVersion
  ) throws(QuantizedWeightDefect) -> QuantizedWeight {
    guard bits == 4 || bits == 8 else { throw .unsupportedBits(bits) }
    let perWord = bits == 4 ? 8 : 4
    let weight = try tensors.tensor("qweight", [.i32])
    let (words, rows) = try weight.matrix()
    let columns = words &* perWord
    let size = groupSize ?? columns
    guard size > 0 else { throw .invalidGroupSize(size) }
    let groupCount = columns.dividedRoundingUp(by: min(size, columns))
    let zeros = try tensors.tensor("qzeros", [.i32])
    let scales = try tensors.tensor("scales", ScaleBits.dtypes)
    try scales.requireShape([groupCount, rows])
    guard rows.isMultiple(of: perWord) else {
      throw .wrongShape(
        tensor: weight.info.name, expected: [[words, rows.roundedUp(toMultipleOf: perWord)]], got: weight.info.shape)
    }
    try zeros.requireShape([groupCount, rows.divided(by: perWord)])
    let order = try groups(tensors, "g_idx", columns: columns, count: groupCount)

    var levels = GroupedLevels(rows: rows, columns: columns, bits: bits, groupCount: groupCount)
    let stored = try scales.scales()
    levels.setScales { group, row in stored[at: group &* rows &+ row] ?? 0 }
    let offset: Int16 = version == .version1 ? 1 : 0
    zeros.withBytes { bytes in
      levels.setZeros { group, row in
        let word: UInt32 = bytes.littleEndian(at: 4 &* (group &* rows.divided(by: perWord) &+ row.divided(by: perWord)))
        return Int16(truncatingIfNeeded: level(word, row, bits)) &+ offset
      }
    }
    weight.withBytes { bytes in
      levels.setLevels { row, column in
        let word: UInt32 = bytes.littleEndian(at: 4 &* (column.divided(by: perWord) &* rows &+ row))
        return UInt8(truncatingIfNeeded: level(word, column, bits))
      }
    }
    let blockSizes = GroupedLevels.blockSizes(bits: bits, isSymmetric: levels.isSymmetric)
    guard let order else {
      return try levels.weight(InputGroups(size: size, columns: columns, blockSizes: blockSizes))
    }
    return try levels.weight(InputGroups(order, count: groupCount, blockSizes: blockSizes))
  }

  /// A level of a word, by the place of its value in a row or a column.
  static func level(_ word: UInt32, _ place: Int, _ bits: Int) -> UInt32 {
    word >> UInt32(truncatingIfNeeded: (bits &* place) & 31) & (1 << UInt32(truncatingIfNeeded: bits) &- 1)
  }

  /// The group of each column, as far as it is written down.
  static func groups(
    _ tensors: LayerTensors, _ part: String, columns: Int, count: Int
  ) throws(QuantizedWeightDefect) -> [Int]? {
    guard let stored = try tensors.optional(part, [.i32]) else { return nil }
    try stored.requireShape([columns])
    let groups = stored.withBytes { bytes in
      (0..<max(0, columns)).map { Int(bytes.littleEndian(Int32.self, at: 4 &* $0)) }
    }
    if let index = groups.firstIndex(where: { $0 < 0 || $0 >= count }) {
      throw .groupOutOfRange(tensor: stored.info.name, index: index, group: groups[at: index] ?? 0, groups: count)
    }
    return groups
  }
}
