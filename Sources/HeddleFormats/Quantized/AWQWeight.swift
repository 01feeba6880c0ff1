import HeddleText

/// Reads the tensors of ``QuantizationScheme/awq(groupSize:)``.
enum AWQWeight {
  /// Of eight neighbouring outputs, where each stands in a word: 0, 2, 4, 6, 1, 3, 5, 7 from the lowest bits on.
  private static let places: [UInt32] = [0, 4, 1, 5, 2, 6, 3, 7]

  static func read(_ tensors: LayerTensors, groupSize: Int?) throws(QuantizedWeightDefect) -> QuantizedWeight {
    let weight = try tensors.tensor("qweight", [.i32])
    let (columns, words) = try weight.matrix()
    let rows = 8 &* words
    let size = groupSize ?? columns
    guard size > 0 else { throw .invalidGroupSize(size) }
    let groupCount = columns.dividedRoundingUp(by: min(size, columns))
    let zeros = try tensors.tensor("qzeros", [.i32])
    try zeros.requireShape([groupCount, words])
    let scales = try tensors.tensor("scales", ScaleBits.dtypes)
    try scales.requireShape([groupCount, rows])

    var levels = GroupedLevels(rows: rows, columns: columns, bits: 4, groupCount: groupCount)
    let stored = try scales.scales()
    levels.setScales { group, row in stored[at: group &* rows &+ row] ?? 0 }
    zeros.withBytes { bytes in
      levels.setZeros { group, row in Int16(truncatingIfNeeded: level(bytes, group, row, words)) }
    }
    weight.withBytes { bytes in
      levels.setLevels { row, column in UInt8(truncatingIfNeeded: level(bytes, column, row, words)) }
    }
    let blockSizes = GroupedLevels.blockSizes(bits: 4, isSymmetric: levels.isSymmetric)
    return try levels.weight(InputGroups(size: size, columns: columns, blockSizes: blockSizes))
  }

  /// The level of an output in a line of words, an input's or a group's.
  private static func level(_ bytes: UnsafeRawBufferPointer, _ line: Int, _ output: Int, _ words: Int) -> UInt32 {
    let word: UInt32 = bytes.littleEndian(at: 4 &* (line &* words &+ output.divided(by: 8)))
    return word >> (4 &* (places[at: output & 7] ?? 0)) & 15
  }
}
