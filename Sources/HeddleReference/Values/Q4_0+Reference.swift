import HeddleTypes

extension ValueFormats.Q4_0: ReferenceQuantization {
  static func decode(_ block: BlockBytes) -> [Float] {
    (0..<32).map { block.scale(0) * Float(block.nibble($0, at: 2) - 8) }
  }

  static func encode(_ values: [Float], to writer: inout BlockWriter) { writer.symmetric(values, zero: 8) }
}
