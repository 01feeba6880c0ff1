import HeddleTypes

/// The oracle of a format of values: what a block means. A file for each format in this folder.
protocol ReferenceValues: ValueFormatDefinition {
  /// The values of one block, bit for bit those of the format's reference.
  static func decode(_ block: BlockBytes) -> [Float]
}

/// A format that Heddle writes too, by the format's reference quantization: no search, no importance weights.
///
/// Levels use the float32 scale, blocks store it as float16. `1/d` of a zero scale counts as zero. A level that is not a number
/// is stored as the least.
protocol ReferenceQuantization: ReferenceValues {
  /// Appends one block of values.
  static func encode(_ values: [Float], to writer: inout BlockWriter)
}

/// A format of which patterns keep some values: one value by its bits, with a scale that values of a span or of a row share.
protocol ReferenceKeptValues: ValueFormatDefinition {
  static func value(_ bits: UInt32, scale: Float) -> Float
  static func bits(_ value: Float, scale: Float) -> UInt32
  /// The scale of values that share one.
  static func scale(of values: [Float]) -> Float
}

/// Numbers that stand for themselves.
protocol ReferenceScalar: ReferenceQuantization, ReferenceKeptValues {
  static func value(_ bits: UInt32) -> Float
  static func bits(_ value: Float) -> UInt32
}

extension ReferenceScalar {
  static func value(_ bits: UInt32, scale: Float) -> Float { value(bits) }
  static func bits(_ value: Float, scale: Float) -> UInt32 { bits(value) }
  static func scale(of values: [Float]) -> Float { 1 }

  static func decode(_ block: BlockBytes) -> [Float] { [value(block.bits(0, count: 8 * format.block.byteCount))] }
  static func encode(_ values: [Float], to writer: inout BlockWriter) {
    for value in values { writer.bits(bits(value), byteCount: format.block.byteCount) }
  }
}
