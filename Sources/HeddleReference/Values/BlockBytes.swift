import HeddleTypes

/// The bytes of one block, little-endian.
struct BlockBytes {
  let bytes: UnsafeRawBufferPointer

  subscript(_ offset: Int) -> UInt8 { bytes[offset] }
  func half(_ offset: Int) -> UInt16 { UInt16(bytes[offset]) | UInt16(bytes[offset + 1]) << 8 }
  func word(_ offset: Int) -> UInt32 { UInt32(half(offset)) | UInt32(half(offset + 2)) << 16 }
  /// The float16 number at `offset`.
  func scale(_ offset: Int) -> Float { HalfPrecision.decodeFloat16(half(offset)) }

  /// The float32 number at `offset`.
  func float(_ offset: Int) -> Float { Float(bitPattern: word(offset)) }
  /// The whole number of two bytes at `offset`, two's complement.
  func integer(_ offset: Int) -> Int { Int(Int16(bitPattern: half(offset))) }

  /// `count` bits, at most 32, from bit `first` on: a whole number of bytes, or a part of one.
  func bits(_ first: Int, count: Int) -> UInt32 {
    let low = (0..<(count + 7) / 8).reduce(UInt32(0)) { $0 | UInt32(bytes[first / 8 + $1]) << UInt32(8 * $1) }
    return low >> UInt32(first % 8) & UInt32(truncatingIfNeeded: 1 << count - 1)
  }

  /// Nibble `k` of the `half` bytes at `offset`: the low ones are the first half.
  func nibble(_ k: Int, at offset: Int, half: Int = 16) -> Int {
    k < half ? Int(bytes[offset + k] & 0x0F) : Int(bytes[offset + k - half] >> 4)
  }

  /// Nibble `k` of the bytes at `offset`, 16 of which have 32: the low ones are the first.
  func nibbleOf32(_ k: Int, at offset: Int) -> Int { nibble(k % 32, at: offset + 16 * (k / 32)) }

  /// Bit `k` of the word at `offset`, as the fifth bit of a level.
  func fifthBit(_ k: Int, at offset: Int) -> Int { Int((word(offset) >> UInt32(k)) & 1) << 4 }

  /// Two bits of value `k` of 256, of 64 bytes: 32 of them for each half of the values, whose quarters stand in one byte.
  func bitPair(_ k: Int, at offset: Int) -> Int {
    Int(bytes[offset + 32 * (k / 128) + k % 32] >> UInt8(2 * (k / 32 % 4)) & 3)
  }

  /// The lower nibble of a byte, or the higher one.
  func nibble(_ offset: Int, isHigh: Bool) -> Int { Int(isHigh ? bytes[offset] >> 4 : bytes[offset] & 15) }
}
