import HeddleTypes

/// A tensor of these values in `encoding`, by GGUF's reference quantization: no search, no importance weights.
///
/// | encoding | scale | level |
/// |---|---|---|
/// | `f16`, `bf16` | | the nearest, ties to even |
/// | `q4_0` | `d = e / −8`, e the value of greatest magnitude | `⌊x/d + 8.5⌋` in 0...15 |
/// | `q4_1` | `d = (max − min) / 15, m = min` | `⌊(x − m)/d + 0.5⌋` in 0...15 |
/// | `q5_0` | `d = e / −16` | `⌊x/d + 16.5⌋` in 0...31 |
/// | `q5_1` | `d = (max − min) / 31, m = min` | `⌊(x − m)/d + 0.5⌋` in 0...31 |
/// | `q8_0` | `d = max∣x∣ / 127` | `x/d` rounded half away from zero |
///
/// A sparse encoding keeps what is greatest (``SparseSelection/byMagnitude(_:_:shape:)``).
///
/// Levels use the float32 scale, the block stores it as float16. `1/d` of a zero scale counts as zero. A level that is
/// not a number is stored as the least level.
///
/// - Throws: ``TypeError`` if the shape does not hold the values or its rows are not whole blocks, or for int32.
public func encode(_ values: [Float], as encoding: Encoding, shape: [Int]) throws(TypeError) -> Tensor {
  if case .sparse(let format) = encoding {
    let selection = try SparseSelection.byMagnitude(values, format, shape: shape)
    return try encodeSparse(values, keeping: selection, as: format, shape: shape)
  }
  let bytes = try encoding.byteCount(shape: shape)
  let count = bytes / encoding.blockByteCount * encoding.blockSize
  guard count == values.count else {
    throw .wrongByteCount(
      expected: bytes, got: values.count / encoding.blockSize * encoding.blockByteCount,
      TensorSummary(encoding, shape))
  }
  var block = BlockWriter()
  block.bytes.reserveCapacity(bytes)
  switch encoding {
  case .dense(.float32): return try Tensor(values, shape: shape)
  case .dense(.float16): for value in values { block.half(HalfPrecision.encodeFloat16(value)) }
  case .dense(.bfloat16): for value in values { block.half(HalfPrecision.encodeBFloat16(value)) }
  case .dense(.int32), .sparse: throw .wrongEncoding(expected: .float32, got: encoding)
  case .blocks(let format):
    for start in stride(from: 0, to: values.count, by: format.blockSize) {
      block.encode(Array(values[start..<start + format.blockSize]), as: format)
    }
  }
  return try Tensor(encoding: encoding, shape: shape, bytes: block.bytes)
}

/// Writes blocks one after the other, little-endian.
private struct BlockWriter {
  var bytes: [UInt8] = []

  mutating func half(_ bits: UInt16) {
    bytes.append(UInt8(truncatingIfNeeded: bits))
    bytes.append(UInt8(truncatingIfNeeded: bits >> 8))
  }

  mutating func encode(_ x: [Float], as format: BlockFormat) {
    let extreme = x.reduce(Float(0)) { abs($1) > abs($0) ? $1 : $0 }
    let minimum = x.reduce(Float.infinity) { $1 < $0 ? $1 : $0 }
    let maximum = x.reduce(-Float.infinity) { $1 > $0 ? $1 : $0 }
    switch format {
    case .q4_0: symmetric(x, scale: extreme / -8, zero: 8, greatest: 15, hasHighBits: false)
    case .q5_0: symmetric(x, scale: extreme / -16, zero: 16, greatest: 31, hasHighBits: true)
    case .q4_1: affine(x, minimum, scale: (maximum - minimum) / 15, greatest: 15, hasHighBits: false)
    case .q5_1: affine(x, minimum, scale: (maximum - minimum) / 31, greatest: 31, hasHighBits: true)
    case .q8_0:
      let scale = abs(extreme) / 127
      let inverse = scale == 0 ? 0 : 1 / scale
      half(HalfPrecision.encodeFloat16(scale))
      for value in x {
        let level = (value * inverse).rounded(.toNearestOrAwayFromZero)
        bytes.append(UInt8(bitPattern: Int8(BlockWriter.level(level + 128, greatest: 255) - 128)))
      }
    }
  }

  private mutating func symmetric(_ x: [Float], scale: Float, zero: Float, greatest: Int, hasHighBits: Bool) {
    let inverse = scale == 0 ? 0 : 1 / scale
    half(HalfPrecision.encodeFloat16(scale))
    write(x.map { BlockWriter.level($0 * inverse + (zero + 0.5), greatest: greatest) }, hasHighBits)
  }

  private mutating func affine(_ x: [Float], _ minimum: Float, scale: Float, greatest: Int, hasHighBits: Bool) {
    let inverse = scale == 0 ? 0 : 1 / scale
    half(HalfPrecision.encodeFloat16(scale))
    half(HalfPrecision.encodeFloat16(minimum))
    write(x.map { BlockWriter.level(($0 - minimum) * inverse + 0.5, greatest: greatest) }, hasHighBits)
  }

  private mutating func write(_ levels: [Int], _ hasHighBits: Bool) {
    if hasHighBits {
      let bits = levels.enumerated().reduce(UInt32(0)) { $0 | UInt32($1.element >> 4) << UInt32($1.offset) }
      half(UInt16(truncatingIfNeeded: bits))
      half(UInt16(truncatingIfNeeded: bits >> 16))
    }
    for k in 0..<16 { bytes.append(UInt8(levels[k] & 0x0F) | UInt8(levels[k + 16] & 0x0F) << 4) }
  }

  /// `⌊x⌋` in `0...greatest`; NaN gives 0.
  private static func level(_ x: Float, greatest: Int) -> Int {
    guard x > 0 else { return 0 }
    return x >= Float(greatest) ? greatest : Int(x)
  }
}
