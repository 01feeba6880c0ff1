import Heddle
import Testing

@testable import HeddleFormats

/// Whether a scale is a float16 number decides between formats, and its bits go into blocks.
@Suite struct ScaleBitsTests {
  @Test func `every float16 comes back, and nothing between two of them`() {
    for bits in UInt16.min...UInt16.max {
      let value = ScaleBits.float16(bits)
      #expect(value.bitPattern == HalfPrecision.decodeFloat16(bits).bitPattern)
      guard value.isFinite else { continue }
      #expect(ScaleBits.exactFloat16(value) == bits)
      #expect(ScaleBits.exactFloat16(value.nextUp) == nil && ScaleBits.exactFloat16(value.nextDown) == nil)
      let next = ScaleBits.float16(bits + 1)
      if next.isFinite { #expect(ScaleBits.exactFloat16((value + next) / 2) == nil) }
    }
    for value in [65536, 65520, 0x1p-25, 0x1p-126, 0x1p-149, 0x1.8p-24, .infinity, .greatestFiniteMagnitude] as [Float]
    {
      #expect(ScaleBits.exactFloat16(value) == nil && ScaleBits.exactFloat16(-value) == nil)
    }
  }

  @Test func `powers of two by their exponent`() {
    for code in UInt8.min...UInt8.max {
      let value = [code].withUnsafeBytes { ScaleBits.value($0, at: 0, .f8_e8m0) }
      if code == 255 {
        #expect(value.isNaN)
      } else {
        #expect(value == Float(sign: .plus, exponent: Int(code) - 127, significand: 1))
      }
    }
  }
}
