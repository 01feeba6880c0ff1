import HeddleText

/// Reads the tensors of ``QuantizationScheme/int8``.
enum Int8Weight {
  static func read(_ tensors: LayerTensors) throws(QuantizedWeightDefect) -> QuantizedWeight {
    let weight = try tensors.tensor("weight", [.i8])
    let (rows, columns) = try weight.matrix()
    if tensors.contains("SCB") { try requireRows(tensors) }
    let scales = try tensors.tensor(oneOf: ["SCB", "weight_scale"], ScaleBits.dtypes)
    let groupCount = scales.info.shape.count == 2 ? scales.info.shape.last ?? 1 : 1
    guard groupCount > 0, columns.isMultiple(of: groupCount) else {
      throw .wrongShape(tensor: scales.info.name, expected: [[], [1], [rows], [rows, 1]], got: scales.info.shape)
    }
    try scales.requireShape([], [1], [rows], [rows, groupCount])
    let isWhole = scales.info.shape.isEmpty || (scales.info.shape == [1] && rows > 1)
    func place(_ row: Int, _ group: Int) -> Int { isWhole ? 0 : row &* groupCount &+ group }

    var levels = GroupedLevels(rows: rows, columns: columns, bits: 8, groupCount: groupCount)
    // bitsandbytes has the greatest magnitudes of rows, of which 127 is one.
    let unit: Float = tensors.contains("SCB") ? 1 / 127 : 1
    let stored = try scales.scales().map { $0 * unit }
    levels.setScales { group, row in stored[at: place(row, group)] ?? 0 }
    levels.setZeros { _, _ in 128 }
    if let zeros = try tensors.optional("weight_zero_point", [.i8]) {
      try zeros.requireShape(scales.info.shape)
      zeros.withBytes { bytes in
        levels.setZeros { group, row in 128 &+ Int16(bytes.littleEndian(Int8.self, at: place(row, group))) }
      }
    }
    weight.withBytes { bytes in
      levels.setLevels { row, column in bytes.littleEndian(UInt8.self, at: row &* columns &+ column) ^ 0x80 }
    }
    let blockSizes = GroupedLevels.blockSizes(bits: 8, isSymmetric: levels.isSymmetric)
    let size = columns.divided(by: groupCount)
    return try levels.weight(InputGroups(size: size, columns: columns, blockSizes: blockSizes))
  }

  /// Refuses the orders that some processors were given: 1 and more.
  private static func requireRows(_ tensors: LayerTensors) throws(QuantizedWeightDefect) {
    guard let format = try tensors.optional("weight_format", [.u8]) else { return }
    try format.requireShape([], [1])
    let value: UInt8 = format.withBytes { $0.littleEndian(at: 0) }
    guard value == 0 else {
      throw .unsupportedState(tensor: format.info.name, key: "weight_format", expected: "0", got: "\(value)")
    }
  }
}
