import HeddleText
import HeddleTypes

/// Reads the tensors of ``QuantizationScheme/fp8(block:)``.
enum FP8Weight {
  static func read(
    _ tensors: LayerTensors, block: QuantizationScheme.ScaleBlock?
  ) throws(QuantizedWeightDefect) -> QuantizedWeight {
    let weight = try tensors.tensor("weight", [.f8_e4m3, .f8_e5m2])
    let (rows, columns) = try weight.matrix()
    let scales = try tensors.tensor(
      oneOf: ["weight_scale_inv", "weight_scale"], ScaleBits.dtypes + [.f8_e8m0])
    let shared = try sharing(scales, block, rows: rows, columns: columns)
    let across = columns.dividedRoundingUp(by: shared.columns)
    let stored = try scales.scales()

    let isE4M3 = weight.info.dtype == .f8_e4m3
    let groups = try InputGroups(size: shared.columns, columns: columns, blockSizes: isE4M3 ? [128, 32] : [32])
    let encoding: Encoding = !isE4M3 ? .fp8_e5m2_g32 : groups.blockSize == 128 ? .fp8_e4m3_g128 : .fp8_e4m3_g32
    var bytes: [UInt8] = []
    weight.withBytes { codes in
      for row in 0..<max(0, rows) {
        for (block, group) in groups.groups.enumerated() {
          let scale = stored[at: row.divided(by: shared.rows) &* across &+ group] ?? 0
          bytes.append(littleEndian: scale.bitPattern)
          let start = row &* columns &+ block &* groups.blockSize
          bytes.append(contentsOf: codes.part(from: start, to: start &+ groups.blockSize))
        }
      }
    }
    return try QuantizedWeight(encoding, rows: rows, columns: columns, bytes: bytes)
  }

  /// The part of a weight that shares a scale, by the shape that scales have.
  private static func sharing(
    _ scales: StoredTensor, _ block: QuantizationScheme.ScaleBlock?, rows: Int, columns: Int
  ) throws(QuantizedWeightDefect) -> QuantizationScheme.ScaleBlock {
    let block = block ?? .init(rows: 128, columns: 128)
    guard block.rows > 0, block.columns > 0 else { throw .invalidScaleBlock(block) }
    let blocks = [
      rows.dividedRoundingUp(by: min(block.rows, rows)), columns.dividedRoundingUp(by: min(block.columns, columns)),
    ]
    switch scales.info.shape {
    case [], [1]: return .init(rows: rows, columns: columns)
    case blocks: return .init(rows: min(block.rows, rows), columns: min(block.columns, columns))
    case [rows], [rows, 1]: return .init(rows: 1, columns: columns)
    default:
      throw .wrongShape(
        tensor: scales.info.name, expected: [[], [1], [rows], [rows, 1], blocks], got: scales.info.shape)
    }
  }
}
