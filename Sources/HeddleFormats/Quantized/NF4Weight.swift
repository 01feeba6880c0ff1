import HeddleText
import HeddleTypes

/// Reads the tensors of ``QuantizationScheme/nf4``.
enum NF4Weight {
  static func read(_ tensors: LayerTensors) throws(QuantizedWeightDefect) -> QuantizedWeight {
    let weight = try tensors.tensor("weight", [.u8])
    let state = try NF4State(try tensors.tensor("weight.quant_state.bitsandbytes__nf4", [.u8]))
    let (rows, columns) = (state.rows, state.columns)
    guard state.count.isMultiple(of: 2), weight.info.byteCount == state.count / 2 else {
      throw .wrongShape(
        tensor: weight.info.name, expected: [[state.count.dividedRoundingUp(by: 2), 1]], got: weight.info.shape)
    }
    try requireLevels(try tensors.tensor("weight.quant_map", [.f32]))
    let blockSize = Encoding.nf4.blockSize
    guard columns.isMultiple(of: blockSize) else { throw .groupNotInBlocks(columns: columns, block: blockSize) }
    guard state.blockSize.isMultiple(of: blockSize) else {
      throw .groupNotInBlocks(columns: state.blockSize, block: blockSize)
    }
    let greatest = try greatestMagnitudes(tensors, state)

    var bytes: [UInt8] = []
    let blocks = state.count.divided(by: blockSize)
    weight.withBytes { codes in
      for block in 0..<max(0, blocks) {
        let start = block &* blockSize
        bytes.append(littleEndian: (greatest[at: start.divided(by: state.blockSize)] ?? 0).bitPattern)
        let levels = (0..<32).flatMap { pair in
          let byte: UInt8 = codes.littleEndian(at: start / 2 &+ pair)
          return [byte >> 4, byte & 15]
        }
        bytes.append(nibbles: levels.part(from: 0))
      }
    }
    return try QuantizedWeight(.nf4, rows: rows, columns: columns, bytes: bytes)
  }

  private static func requireLevels(_ stored: StoredTensor) throws(QuantizedWeightDefect) {
    try stored.requireShape([16])
    let levels = try stored.scales()
    for (index, (expected, got)) in zip(Codebook.nf4.entries.map { Float(bitPattern: $0) }, levels).enumerated()
    where expected != got {
      throw .wrongLevel(tensor: stored.info.name, index: index, expected: expected, got: got)
    }
  }

  /// `absmax` of each block, put together if it is quantized itself.
  private static func greatestMagnitudes(
    _ tensors: LayerTensors, _ state: NF4State
  ) throws(QuantizedWeightDefect) -> [Float] {
    let count = state.count.dividedRoundingUp(by: state.blockSize)
    guard let nested = state.nested else {
      let stored = try tensors.tensor("weight.absmax", [.f32])
      try stored.requireShape([count])
      return try stored.scales()
    }
    let stored = try tensors.tensor("weight.absmax", [.u8])
    try stored.requireShape([count])
    let scales = try tensors.tensor("weight.nested_absmax", [.f32])
    try scales.requireShape([count.dividedRoundingUp(by: nested.blockSize)])
    let map = try tensors.tensor("weight.nested_quant_map", [.f32])
    try map.requireShape([256])
    let (scale, level) = (try scales.scales(), try map.scales())
    let values = stored.withBytes { codes in
      codes.enumerated().map { index, code in
        // Two roundings, as two operations of the other tool.
        (level[at: Int(code)] ?? 0) * (scale[at: index.divided(by: nested.blockSize)] ?? 0) + nested.offset
      }
    }
    if let index = values.firstIndex(where: { !$0.isFinite }) {
      throw .notFinite(tensor: stored.info.name, index: index)
    }
    return values
  }
}
