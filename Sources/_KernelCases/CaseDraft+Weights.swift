import HeddleGraph
import HeddleReference

extension Encoding {
  /// Weights that Heddle makes from values, by their formats' reference quantization.
  static let written = weights.filter(\.isWritable)

  /// Weights that are only read.
  static let read = weights.filter { !$0.isWritable }

  /// Weights of ``written`` whose values share scales.
  static let quantized = written.filter { !$0.isScalar }
}

extension CaseDraft {
  /// Uniform weights, quantized; in an encoding that is only read any bits, with scales of usual sizes.
  func weights(_ encoding: Encoding, _ shape: [Int]) throws -> Tensor {
    guard encoding.isWritable else {
      return try randomBlocks(encoding, shape) { bytes, random in
        for float in encoding.values.floats {
          switch float {
          case .float16(let offset): bytes[offset + 1] = 0x18 + UInt8(random.next() >> 61)
          case .exponent(let offset): bytes[offset] = 120 + UInt8(random.next() >> 61)
          case .float32(let offset): bytes[offset + 3] = 0x3B
          case .float16InNibbles(let offset):
            bytes[offset + 7] = 0x10 | bytes[offset + 7] & 0x0F
            bytes[offset + 5] = 0x80 | bytes[offset + 5] & 0x7F
          case .e4m3(let offset, let count):
            for k in offset..<offset + count where bytes[k] & 0x7F == 0x7F { bytes[k] ^= 1 }
          case .e5m2(let offset, let count):
            for k in offset..<offset + count where bytes[k] & 0x7C == 0x7C { bytes[k] ^= 0x40 }
          case .bfloat16: break
          }
        }
      }
    }
    return try Tensor(random.units(shape.reduce(1, *)), as: encoding, shape: shape)
  }

  /// Blocks of random bytes, each changed by `adjust`.
  func randomBlocks(
    _ encoding: Encoding, _ shape: [Int], _ adjust: (inout [UInt8], inout SplitMix64) -> Void = { _, _ in }
  ) throws -> Tensor {
    let count = try encoding.byteCount(shape: shape) / encoding.blockByteCount
    var bytes: [UInt8] = []
    for _ in 0..<count {
      var block = (0..<encoding.blockByteCount).map { _ in UInt8(random.next() >> 56) }
      adjust(&block, &random)
      bytes += block
    }
    return try Tensor(encoding: encoding, shape: shape, bytes: bytes)
  }

  /// Weights that are small whole numbers in any encoding of ``Encoding/written``: scale 1, least value −2.
  func wholeWeights(_ encoding: Encoding, _ shape: [Int]) throws -> Tensor {
    guard !encoding.isScalar else {
      return try Tensor(random.wholes(shape.reduce(1, *), -8...8), as: encoding, shape: shape)
    }
    return try scaledBlocks(encoding, shape) { _ in (scale: 0x3C00, least: 0xC000) }
  }

  /// Blocks of ``Encoding/quantized`` with random levels, whose scale and least value, as float16 bits, `header` chooses by the
  /// block's number.
  func scaledBlocks(
    _ encoding: Encoding, _ shape: [Int], _ header: (Int) -> (scale: UInt16, least: UInt16)
  ) throws -> Tensor {
    let count = try encoding.byteCount(shape: shape) / encoding.blockByteCount
    var bytes: [UInt8] = []
    for block in 0..<count {
      let (scale, least) = header(block)
      bytes += [UInt8(scale & 0xFF), UInt8(scale >> 8)]
      if encoding == .q4_1 || encoding == .q5_1 { bytes += [UInt8(least & 0xFF), UInt8(least >> 8)] }
      while bytes.count < (block + 1) * encoding.blockByteCount { bytes.append(UInt8(random.next() >> 56)) }
    }
    return try Tensor(encoding: encoding, shape: shape, bytes: bytes)
  }
}
