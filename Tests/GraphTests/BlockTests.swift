import Foundation
import HeddleGraph
import HeddleReference
import Testing
import _KernelCases

@Suite struct BlockTests {
  /// The order of the resources' sections.
  private static let encodings: [Encoding] =
    [.float16, .bfloat16, .q4_0, .q4_1, .q5_0, .q5_1, .q8_0]

  private func resource(_ name: String) throws -> [UInt8] {
    let url = try #require(Bundle.module.url(forResource: name, withExtension: "bin", subdirectory: "Resources"))
    return Array(try Data(contentsOf: url))
  }

  /// For each encoding 4 × 512 random values and what the `gguf` package (0.19) decodes them to.
  @Test func `decoding gives the bits of GGUF's reference`() throws {
    var rest = try resource("dequantize")[...]
    for encoding in Self.encodings {
      let size = try encoding.byteCount(shape: [4, 512])
      let tensor = try Tensor(encoding: encoding, shape: [4, 512], bytes: Array(rest.prefix(size)))
      rest = rest.dropFirst(size)
      let expected = try Tensor(encoding: .float32, shape: [4, 512], bytes: Array(rest.prefix(8192))).floats()
      rest = rest.dropFirst(8192)
      let values = try tensor.decoded()
      #expect(values.map(\.bitPattern) == expected.map(\.bitPattern), "\(encoding)")
    }
    #expect(rest.isEmpty)
  }

  /// 2 × 64 float32 values and what the `gguf` package (0.19) quantizes them to.
  @Test func `encoding gives the bytes of GGUF's reference`() throws {
    var rest = try resource("quantize")[...]
    let values = try Tensor(encoding: .float32, shape: [2, 64], bytes: Array(rest.prefix(512))).floats()
    rest = rest.dropFirst(512)
    for encoding in Self.encodings {
      let encoded = try Tensor(values, as: encoding, shape: [2, 64])
      #expect(encoded.bytes == Array(rest.prefix(encoded.bytes.count)), "\(encoding)")
      rest = rest.dropFirst(encoded.bytes.count)
    }
    #expect(rest.isEmpty)
  }

  @Test(arguments: Encoding.weights.filter(\.isWritable))
  func `a round trip stays within the format's step`(encoding: Encoding) throws {
    var random = SplitMix64(seed: 5)
    for scale in [1 as Float, 1e-2, 300] {
      let values = (0..<64).map { _ in Float.random(in: -scale...scale, using: &random) }
      let decoded = try Tensor(values, as: encoding, shape: [64]).decoded()
      // A symmetric format's extreme level lies on one side, so the other side is cut by up to a step.
      let step: Float =
        switch encoding {
        case .float32: 0
        case .float16: 0x1p-11
        case .bfloat16: 0x1p-8
        case .q4_0: 1.01 / 8
        case .q4_1: 1.02 / 15
        case .q5_0: 1.01 / 16
        case .q5_1: 1.04 / 31
        case .q8_0: 0.51 / 127 + 0x1p-11
        default: .nan
        }
      for (value, back) in zip(values, decoded) { #expect(abs(value - back) <= step * scale, "\(encoding) \(value)") }
    }
  }

  @Test(arguments: Encoding.weights.filter(\.isWritable))
  func `values that are not numbers do not trap`(encoding: Encoding) throws {
    for special in [Float.nan, .infinity, -.infinity, .greatestFiniteMagnitude, 0x1p-149, -0.0] {
      for count in [1, 32] {
        let values = (0..<32).map { $0 < count ? special : 0.5 }
        #expect(try Tensor(values, as: encoding, shape: [32]).shape == [32])
      }
    }
    #expect(throws: TypeError.self) { try Tensor([1, 2], as: encoding, shape: [32]) }
    #expect(throws: TypeError.self) { try Tensor([1, 2], as: .int32, shape: [2]) }
  }

  @Test func `what is only read is not made`() {
    for encoding in Encoding.weights where !encoding.isWritable {
      let values = [Float](repeating: 1, count: encoding.blockSize)
      #expect(throws: TypeError.notQuantizable(encoding)) {
        try Tensor(values, as: encoding, shape: [values.count])
      }
    }
  }

  /// Nothing is decoded to know it, so where each format has its scales must be right.
  @Test(arguments: Encoding.weights)
  func `a scale that is no number is found in its block`(encoding: Encoding) throws {
    let size = encoding.blockByteCount
    let sound = [UInt8](repeating: 0x11, count: 3 * size)
    func first(_ bytes: [UInt8]) throws -> Int? {
      try bytes.withUnsafeBytes { try encoding.firstNotFinite($0, shape: [3 * encoding.blockSize]) }
    }
    #expect(try first(sound) == nil)
    for float in encoding.values.floats {
      // Bytes of the third block, from an offset on.
      let (offset, changed): (Int, [UInt8]) =
        switch float {
        case .float32(let offset): (offset + 2, [0x80, 0x7F])
        case .float16(let offset): (offset + 1, [0x7C])
        case .float16InNibbles(let offset): (offset + 5, [0xC1, 0x11, 0x71])
        case .bfloat16(let offset): (offset, [0x80, 0x7F])
        case .exponent(let offset): (offset, [255])
        case .e4m3(let offset, let count): (offset + count - 1, [0xFF])
        case .e5m2(let offset, let count): (offset + count - 1, [0xFC])
        }
      var bytes = sound
      bytes.replaceSubrange((2 * size + offset)..., with: changed + sound.suffix(size - offset - changed.count))
      #expect(try first(bytes) == 2 * encoding.blockSize, "\(float)")
      let values = try Tensor(encoding: encoding, shape: [3 * encoding.blockSize], bytes: bytes).decoded()
      let place = values.firstIndex { !$0.isFinite }
      // Of powers of two those count already whose product with some level would be infinite.
      if case .exponent = float { continue }
      #expect(place.map { $0 / encoding.blockSize } == 2, "\(float)")
    }
  }

  @Test func `special scales follow float32 arithmetic`() throws {
    // d = inf: levels 0 (q = 8) give NaN, others an infinity of their sign.
    let bytes: [UInt8] = [0x00, 0x7C] + [0x80, 0x0F] + Array(repeating: 0x88, count: 14)
    let values = try Tensor(encoding: .q4_0, shape: [32], bytes: bytes).decoded()
    #expect(values[0] == -.infinity)
    #expect(values[1] == .infinity)
    #expect(values[2].isNaN)
    #expect(values[16].isNaN)
    #expect(values[17] == -.infinity)
  }

  #if !((os(macOS) || targetEnvironment(macCatalyst)) && arch(x86_64))
    @Test func `float16 agrees with the compiler's`() {
      for bits in UInt16.min...UInt16.max {
        let (ours, theirs) = (HalfPrecision.decodeFloat16(bits), Float(Float16(bitPattern: bits)))
        #expect(ours.isNaN ? theirs.isNaN : ours.bitPattern == theirs.bitPattern)
        if !ours.isNaN { #expect(HalfPrecision.encodeFloat16(ours) == bits) }
      }
      var random = SplitMix64(seed: 3)
      for _ in 0..<20_000 {
        let bits = UInt32(truncatingIfNeeded: random.next())
        // Mostly near float16's range, where rounding and subnormals are.
        let value = Float(bitPattern: bits & 0x83FF_FFFF | 0x3300_0000 + (bits >> 4 & 0x1480_0000))
        #expect(HalfPrecision.encodeFloat16(value) == Float16(value).bitPattern, "\(value)")
      }
      for value in [65504, 65519.996, 65520, 1e10, 0x1p-25, 0x1.8p-25, 0x1p-26, 6.0975e-5] as [Float] {
        #expect(HalfPrecision.encodeFloat16(value) == Float16(value).bitPattern, "\(value)")
      }
    }
  #endif
}
