/// Codes as the bytes that formats hold them in.
extension [Int] {
  /// A byte of numbers of so many bits, the first the lowest; higher bits are left out.
  func byte(bits: Int) -> UInt8 {
    let mask = 1 << bits - 1
    var byte = 0
    for (place, number) in enumerated() { byte |= (number & mask) << (bits * place) }
    return UInt8(byte)
  }

  /// The numbers at places `first`, `first + step`, …
  func every(_ step: Int, from first: Int, count: Int) -> [Int] { (0..<count).map { self[first + step * $0] } }

  /// 32 codes as nibbles: byte j of the codes j and j + 16.
  var nibbles: [UInt8] { (0..<16).map { every(16, from: $0, count: 2).byte(bits: 4) } }

  /// Nibbles of each 32 codes.
  var nibblesOfEach32: [UInt8] {
    stride(from: 0, to: count, by: 32).flatMap { every(1, from: $0, count: 32).nibbles }
  }

  /// The fifth bits of 32 codes.
  var fifthBits: [UInt8] {
    let bits = map { $0 >> 4 }
    return (0..<4).map { bits.every(1, from: 8 * $0, count: 8).byte(bits: 1) }
  }

  /// 256 codes as nibbles: of 32 bytes the low ones are of 32 codes, the high ones of the next 32.
  var neighbouringNibbles: [UInt8] {
    (0..<128).map { every(32, from: 64 * ($0 / 32) + $0 % 32, count: 2).byte(bits: 4) }
  }

  /// 256 numbers of two bits: 32 bytes for each half, whose quarters stand in one byte.
  var bitPairs: [UInt8] {
    (0..<64).map { every(32, from: 128 * ($0 / 32) + $0 % 32, count: 4).byte(bits: 2) }
  }
}
