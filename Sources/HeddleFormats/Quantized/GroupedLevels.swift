import HeddleText
import HeddleTypes

/// Whole levels of a weight, and a scale and a zero-point for each group of a row's inputs: value `s · (q − z)`.
struct GroupedLevels {
  let rows: Int
  let columns: Int
  /// 4 or 8.
  let bits: Int
  /// Row by row, each without a sign.
  var levels: [UInt8]
  let groupCount: Int
  /// Row by row, for each group.
  var scales: [Float]
  var zeros: [Int16]

  init(rows: Int, columns: Int, bits: Int, groupCount: Int) {
    self.rows = rows
    self.columns = columns
    self.bits = bits
    self.groupCount = groupCount
    levels = [UInt8](filled: 0, count: rows &* columns)  // Traps: never (clamped-count).
    scales = [Float](filled: 0, count: rows &* groupCount)  // Traps: never (clamped-count).
    zeros = [Int16](filled: 0, count: rows &* groupCount)  // Traps: never (clamped-count).
  }

  /// Levels without a sign that stand around the middle, with scales that are float16 numbers.
  var isSymmetric: Bool {
    let middle = Int16(truncatingIfNeeded: 1 << (bits &- 1))
    return zeros.allSatisfy { $0 == middle } && scales.allSatisfy { ScaleBits.exactFloat16($0) != nil }
  }

  /// What blocks may have, the greatest first.
  static func blockSizes(bits: Int, isSymmetric: Bool) -> [Int] {
    isSymmetric || bits == 4 ? [128, 64, 32] : [128, 32]
  }

  private static func encoding(bits: Int, isSymmetric: Bool, blockSize: Int) -> Encoding {
    switch (bits, isSymmetric, blockSize) {
    case (4, true, 128): .int4_g128
    case (4, true, 64): .int4_g64
    case (4, true, _): .q4_0
    case (_, true, 128): .int8_g128
    case (_, true, 64): .int8_g64
    case (_, true, _): .q8_0
    case (4, false, 128): .uint4_g128
    case (4, false, 64): .uint4_g64
    case (4, false, _): .uint4_g32
    case (_, false, 128): .uint8_g128
    case (_, false, _): .uint8_g32
    }
  }

  /// The weight in blocks that fit the groups.
  func weight(_ groups: InputGroups) throws(QuantizedWeightDefect) -> QuantizedWeight {
    let isSymmetric = isSymmetric
    let encoding = Self.encoding(bits: bits, isSymmetric: isSymmetric, blockSize: groups.blockSize)
    var bytes: [UInt8] = []
    var row = [UInt8](filled: 0, count: columns)  // Traps: never (clamped-count).
    for number in 0..<max(0, rows) {
      let stored = levels.part(from: number &* columns, to: (number &+ 1) &* columns)
      row = groups.inputOrder.map { $0.map { stored[at: stored.startIndex &+ $0] ?? 0 } } ?? Array(stored)
      for (block, group) in groups.groups.enumerated() {
        let place = number &* groupCount &+ group
        append(scales[at: place] ?? 0, zeros[at: place] ?? 0, isSymmetric, to: &bytes)
        append(row.part(from: block &* groups.blockSize, to: (block &+ 1) &* groups.blockSize), isSymmetric, to: &bytes)
      }
    }
    return try QuantizedWeight(
      encoding, rows: rows, columns: columns, bytes: bytes, inputOrder: groups.inputOrder)
  }

  private func append(_ scale: Float, _ zero: Int16, _ isSymmetric: Bool, to bytes: inout [UInt8]) {
    if isSymmetric {
      bytes.append(littleEndian: ScaleBits.exactFloat16(scale) ?? 0)
    } else {
      bytes.append(littleEndian: scale.bitPattern)
      bytes.append(littleEndian: UInt16(bitPattern: zero))
    }
  }

  /// Of four bits each 32 values as 16 bytes, the first half low; symmetric levels of eight bits with their sign.
  private func append(_ block: ArraySlice<UInt8>, _ isSymmetric: Bool, to bytes: inout [UInt8]) {
    guard bits == 4 else {
      for level in block { bytes.append(isSymmetric ? level ^ 0x80 : level) }
      return
    }
    bytes.append(nibbles: block)
  }
}

extension [UInt8] {
  mutating func append(littleEndian bits: UInt16) {
    append(UInt8(truncatingIfNeeded: bits))
    append(UInt8(truncatingIfNeeded: bits >> 8))
  }

  mutating func append(littleEndian bits: UInt32) {
    append(littleEndian: UInt16(truncatingIfNeeded: bits))
    append(littleEndian: UInt16(truncatingIfNeeded: bits >> 16))
  }

  mutating func append(littleEndian bits: UInt64) {
    append(littleEndian: UInt32(truncatingIfNeeded: bits))
    append(littleEndian: UInt32(truncatingIfNeeded: bits >> 32))
  }

  /// Levels of four bits, of each 32 the first half as low nibbles, the others as high ones.
  mutating func append(nibbles levels: ArraySlice<UInt8>) {
    for start in stride(from: levels.startIndex, to: levels.endIndex, by: 32) {
      let (low, high) = (levels.part(from: start, to: start &+ 16), levels.part(from: start &+ 16, to: start &+ 32))
      for (low, high) in zip(low, high) { append(low | high << 4) }
    }
  }
}
