import HeddleTypes

extension ValueFormats.Int4: ReferenceKeptValues {
  /// Adding +0 makes −0 of a zero level +0.
  static func value(_ bits: UInt32, scale: Float) -> Float { scale * Float(Int(bits) - 8) + 0 }

  /// `⌊x/d + 8.5⌋` in 0...15.
  static func bits(_ value: Float, scale: Float) -> UInt32 {
    UInt32(BlockWriter.level(value * (scale == 0 ? 0 : 1 / scale) + 8.5, greatest: 15))
  }

  /// `e / −8`, e the value of greatest magnitude, the first of equals.
  static func scale(of values: [Float]) -> Float {
    var extreme: Float?
    for value in values where extreme.map({ abs(value) > abs($0) }) ?? true {
      extreme = value.isNaN ? extreme ?? 0 : value
    }
    return (extreme ?? 0) / -8
  }
}
