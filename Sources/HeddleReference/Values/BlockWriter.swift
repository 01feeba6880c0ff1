import HeddleTypes

/// Writes blocks one after the other, little-endian.
struct BlockWriter {
  var bytes: [UInt8] = []

  mutating func bits(_ bits: UInt32, byteCount: Int) {
    for byte in 0..<byteCount { bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(8 * byte))) }
  }

  /// As a float16.
  mutating func scale(_ value: Float) { bits(UInt32(HalfPrecision.encodeFloat16(value)), byteCount: 2) }

  /// A block of levels about zero: `d = e / −zero`, e the value of greatest magnitude; `⌊x/d + zero + 0.5⌋` in
  /// `0..<2·zero`.
  mutating func symmetric(_ x: [Float], zero: Int) {
    let extreme = x.reduce(Float(0)) { abs($1) > abs($0) ? $1 : $0 }
    let scale = extreme / -Float(zero)
    let inverse = scale == 0 ? 0 : 1 / scale
    self.scale(scale)
    levels(x.map { Self.level($0 * inverse + (Float(zero) + 0.5), greatest: 2 * zero - 1) }, hasFifthBits: zero > 8)
  }

  /// A block of levels above the least value: `d = (max − min) / greatest, m = min`; `⌊(x − m)/d + 0.5⌋` in
  /// `0...greatest`.
  mutating func affine(_ x: [Float], greatest: Int) {
    let minimum = x.reduce(Float.infinity) { $1 < $0 ? $1 : $0 }
    let maximum = x.reduce(-Float.infinity) { $1 > $0 ? $1 : $0 }
    let scale = (maximum - minimum) / Float(greatest)
    let inverse = scale == 0 ? 0 : 1 / scale
    self.scale(scale)
    self.scale(minimum)
    levels(x.map { Self.level(($0 - minimum) * inverse + 0.5, greatest: greatest) }, hasFifthBits: greatest > 15)
  }

  /// 32 levels: their fifth bits, then their nibbles.
  private mutating func levels(_ levels: [Int], hasFifthBits: Bool) {
    if hasFifthBits {
      bits(levels.enumerated().reduce(0) { $0 | UInt32($1.element >> 4) << UInt32($1.offset) }, byteCount: 4)
    }
    for k in 0..<16 { bytes.append(UInt8(levels[k] & 0x0F) | UInt8(levels[k + 16] & 0x0F) << 4) }
  }

  /// `⌊x⌋` in `0...greatest`; NaN gives 0.
  static func level(_ x: Float, greatest: Int) -> Int {
    guard x > 0 else { return 0 }
    return x >= Float(greatest) ? greatest : Int(x)
  }
}
