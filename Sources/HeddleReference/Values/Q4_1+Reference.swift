import HeddleTypes

/// `d · q` is rounded, then the sum.
extension ValueFormats.Q4_1: ReferenceQuantization {
  static func decode(_ block: BlockBytes) -> [Float] {
    (0..<32).map { block.scale(0) * Float(block.nibble($0, at: 4)) + block.scale(2) }
  }

  static func encode(_ values: [Float], to writer: inout BlockWriter) { writer.affine(values, greatest: 15) }
}
