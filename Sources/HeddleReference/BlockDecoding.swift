import HeddleTypes

/// The values of a tensor of any encoding but int32, in row-major order: bit for bit what GGUF's reference gives; of a
/// sparse tensor all values, zeros where nothing is kept.
///
/// `d · q` and `d · q + m` are float32: the product is rounded, then the sum. The formats are ``BlockFormat``'s.
///
/// - Throws: ``TypeError/wrongEncoding(expected:got:)`` for int32, ``TypeError/invalidSparseData(_:_:)``.
public func decodeToFloat32(_ tensor: Tensor) throws -> [Float] {
  try tensor.bytes.withUnsafeBytes { bytes in
    guard case .sparse(let format) = tensor.encoding else { return try decodeToFloat32(bytes, tensor.encoding) }
    return try SparseLayout(format, shape: tensor.shape).decode(bytes)
  }
}

/// Decodes whole blocks of a dense or block-quantized `encoding`; bytes after the last whole block are ignored.
public func decodeToFloat32(_ bytes: UnsafeRawBufferPointer, _ encoding: Encoding) throws -> [Float] {
  let size = encoding.blockByteCount
  let count = bytes.count / size
  var values: [Float] = []
  values.reserveCapacity(count * encoding.blockSize)
  for index in 0..<count {
    let block = BlockBytes(bytes: UnsafeRawBufferPointer(rebasing: bytes[index * size..<(index + 1) * size]))
    switch encoding {
    case .dense(.float32): values.append(Float(bitPattern: block.word(0)))
    case .dense(.float16): values.append(HalfPrecision.decodeFloat16(block.half(0)))
    case .dense(.bfloat16): values.append(HalfPrecision.decodeBFloat16(block.half(0)))
    case .dense(.int32), .sparse: throw TypeError.wrongEncoding(expected: .float32, got: encoding)
    case .blocks(let format): block.decode(format, into: &values)
    }
  }
  return values
}

/// The bytes of one block, little-endian.
private struct BlockBytes {
  let bytes: UnsafeRawBufferPointer

  func half(_ offset: Int) -> UInt16 { UInt16(bytes[offset]) | UInt16(bytes[offset + 1]) << 8 }
  func word(_ offset: Int) -> UInt32 { UInt32(half(offset)) | UInt32(half(offset + 2)) << 16 }
  func scale(_ offset: Int) -> Float { HalfPrecision.decodeFloat16(half(offset)) }

  /// Nibble `k` of the 16 bytes at `offset`: the low ones are the first half of the block.
  func nibble(_ k: Int, at offset: Int) -> Int {
    k < 16 ? Int(bytes[offset + k] & 0x0F) : Int(bytes[offset + k - 16] >> 4)
  }

  func decode(_ format: BlockFormat, into values: inout [Float]) {
    let d = scale(0)
    for k in 0..<format.blockSize {
      switch format {
      case .q4_0: values.append(d * Float(nibble(k, at: 2) - 8))
      case .q4_1: values.append(d * Float(nibble(k, at: 4)) + scale(2))
      case .q5_0: values.append(d * Float((nibble(k, at: 6) | highBit(k, at: 2)) - 16))
      case .q5_1: values.append(d * Float(nibble(k, at: 8) | highBit(k, at: 4)) + scale(2))
      case .q8_0: values.append(d * Float(Int8(bitPattern: bytes[2 + k])))
      }
    }
  }

  /// Bit `k` of the word at `offset`, as the fifth bit of a level.
  private func highBit(_ k: Int, at offset: Int) -> Int { Int((word(offset) >> UInt32(k)) & 1) << 4 }
}
