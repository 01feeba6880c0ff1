extension ValueFormats {
  /// GGUF's MXFP4: `u8 e; u8 q[16]`. A value is `2^(e − 127)` times the float of four bits q (OCP Microscaling Formats 1.0): a
  /// sign, two bits of exponent, one of mantissa; nibbles as in Q4_0. `e = 255` is a power of two like others.
  public enum MXFP4: ValueFormatDefinition {
    public static let format = ValueFormat(
      "mxfp4", gguf: 39, blockSize: 32, groupSize: 32, unitByteCount: 1, units: 17, levels: .unsigned(24, zero: 12),
      floats: [.exponent(at: 0)], hasEncoder: true)
  }
}

extension Encoding {
  public static let mxfp4 = Encoding(ValueFormats.MXFP4.format)
}
