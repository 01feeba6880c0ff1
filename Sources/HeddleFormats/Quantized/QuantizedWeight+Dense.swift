import HeddleText
import HeddleTypes

extension QuantizedWeight {
  /// Bytes of the values as float32, with column k for input k where ``inputOrder`` has sorted them: `s · (q − z)` as its factors'
  /// product rounded once, which is exact for scales of float16.
  ///
  /// Nil for NF4.
  func dense() -> [UInt8]? {
    if let values = denseFloat8() { return values }
    guard let form = Form(tensor.encoding), let columns = tensor.shape.last, let rows = tensor.shape.first else {
      return nil
    }
    var values = [Float](filled: 0, count: rows &* columns)  // Traps: never (clamped-count).
    let blocks = columns.divided(by: form.blockSize)
    tensor.withBytes { bytes in
      for row in 0..<max(0, rows) {
        for block in 0..<max(0, blocks) {
          let start = (row &* blocks &+ block) &* form.byteCount
          let (scale, zero) = form.scale(bytes, at: start)
          for place in 0..<max(0, form.blockSize) {
            let level = form.level(bytes, at: start, place)
            let column = block &* form.blockSize &+ place
            let input = inputOrder?[at: column] ?? column
            values.update(at: row &* columns &+ input) { $0 = scale * Float(level &- zero) }
          }
        }
      }
    }
    return values.withUnsafeBytes { Array($0) }
  }

  /// The values of floats of eight bits, each times the float32 before its block; nil for other weights.
  private func denseFloat8() -> [UInt8]? {
    guard [.fp8_e4m3_g128, .fp8_e4m3_g32, .fp8_e5m2_g32].contains(tensor.encoding) else { return nil }
    let dtype: SafetensorsDtype = tensor.encoding == .fp8_e5m2_g32 ? .f8_e5m2 : .f8_e4m3
    let blockSize = tensor.encoding.blockSize
    let byteCount = blockSize &+ 4
    let values: [Float] = tensor.withBytes { bytes in
      (0..<max(0, bytes.count.divided(by: byteCount))).flatMap { block in
        let start = block &* byteCount
        let scale = ScaleBits.value(bytes, at: start, .f32)
        return (0..<max(0, blockSize)).map { scale * ScaleBits.value(bytes, at: start &+ 4 &+ $0, dtype) }
      }
    }
    return values.withUnsafeBytes { Array($0) }
  }

  /// How a block of whole levels lies.
  private struct Form {
    let bits: Int
    /// Whether a float32 scale and a zero-point stand before the levels, or a float16 scale alone.
    let hasZero: Bool
    let blockSize: Int

    init?(_ encoding: Encoding) {
      switch encoding {
      case .int4_g128, .int4_g64, .q4_0: (bits, hasZero) = (4, false)
      case .int8_g128, .int8_g64, .q8_0: (bits, hasZero) = (8, false)
      case .uint4_g128, .uint4_g64, .uint4_g32: (bits, hasZero) = (4, true)
      case .uint8_g128, .uint8_g32: (bits, hasZero) = (8, true)
      default: return nil
      }
      blockSize = encoding.blockSize
    }

    private var headLength: Int { hasZero ? 6 : 2 }
    var byteCount: Int { headLength &+ blockSize &* bits / 8 }

    func scale(_ bytes: UnsafeRawBufferPointer, at start: Int) -> (scale: Float, zero: Int) {
      guard hasZero else {
        return (ScaleBits.value(bytes, at: start, .f16), bits == 4 ? 8 : 0)
      }
      return (ScaleBits.value(bytes, at: start, .f32), Int(bytes.littleEndian(Int16.self, at: start &+ 4)))
    }

    /// Of four bits each 32 values are 16 bytes, the first half low; without a zero-point eight bits have their sign.
    func level(_ bytes: UnsafeRawBufferPointer, at start: Int, _ place: Int) -> Int {
      let levels = start &+ headLength
      if bits == 4 {
        let byte: UInt8 = bytes.littleEndian(at: levels &+ place / 32 &* 16 &+ place % 16)
        return Int(place % 32 < 16 ? byte & 15 : byte >> 4)
      }
      return hasZero
        ? Int(bytes.littleEndian(UInt8.self, at: levels &+ place))
        : Int(bytes.littleEndian(Int8.self, at: levels &+ place))
    }
  }
}
