extension ValueFormats {
  /// Activations quantized as they come: `float32 d; i16 s[2]; i8 q[32]`. A value is `d · q`; s are the sums of the first 16 q and
  /// of the last, which products with weights above a least value need. Not of GGUF: ggml's Q8_1 has a float16 scale, in which
  /// small activations lose their bits.
  public enum Q8_Dynamic: ValueFormatDefinition {
    public static let format = ValueFormat(
      "q8_dynamic", blockSize: 32, groupSize: 32, unitByteCount: 4, units: 10, floats: [.float32(at: 0)])
  }
}

extension Encoding {
  public static let q8_dynamic = Encoding(ValueFormats.Q8_Dynamic.format)
}
