extension ValueFormats {
  /// Levels of eight bits, two's complement, with a float32 scale for each row (output channel): a value is the level times
  /// the scale, rounded to float32. Of patterns only.
  public enum Int8: ValueFormatDefinition {
    public static let format = ValueFormat(
      "int8", blockSize: 2, groupSize: 2, unitByteCount: 2, units: 1,
      scales: [.init("scales", unitByteCount: 4, units: 1, per: .row)])
  }
}

extension ValueFormat {
  public static let int8 = ValueFormats.Int8.format
}
