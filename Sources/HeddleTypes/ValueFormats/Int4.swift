extension ValueFormats {
  /// Levels of four bits, stored plus 8, with a float16 scale for each span of a row: a value is `(q − 8)` times the scale,
  /// which is exact; a zero level is +0. Of patterns only.
  public enum Int4: ValueFormatDefinition {
    public static let format = ValueFormat(
      "int4", blockSize: 4, groupSize: 4, unitByteCount: 2, units: 1,
      scales: [.init("scale", unitByteCount: 2, units: 1, per: .span)])
  }
}

extension ValueFormat {
  public static let int4 = ValueFormats.Int4.format
}
