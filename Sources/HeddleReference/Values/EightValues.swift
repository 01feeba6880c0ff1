import HeddleTypes

extension Codebook {
  /// The codes of the entry at a place.
  func codes(at place: Int) -> [Int] {
    (0..<codesPerEntry).map { Int(self[place] >> UInt32($0 * bitsPerCode) & (1 << UInt32(bitsPerCode) - 1)) }
  }

  /// Whole numbers below zero have their highest bit set.
  func signedCodes(at place: Int) -> [Int] {
    codes(at: place).map { $0 >> (bitsPerCode - 1) == 0 ? $0 : $0 - 1 << bitsPerCode }
  }
}

/// The signs of eight neighbouring values, which share an entry of a codebook or have two: 1 or −1 each.
struct EightSigns {
  let factors: [Float]

  /// Bit `k` of a byte is value `k`'s.
  init(byte: UInt8) { factors = (0..<8).map { byte >> UInt8($0) & 1 == 0 ? 1 : -1 } }

  /// The sign of the eighth value makes the count of minuses even.
  init(seven bits: UInt32) {
    let seven = UInt8(bits & 127)
    self.init(byte: seven | UInt8(seven.nonzeroBitCount % 2) << 7)
  }

  /// `± scale · level`, each product exact.
  func values(_ scale: Float, _ levels: [Float]) -> [Float] { zip(levels, factors).map { scale * $0 * $1 } }
}
