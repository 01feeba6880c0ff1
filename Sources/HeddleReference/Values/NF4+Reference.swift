import HeddleTypes

extension ValueFormats.NF4: ReferenceValues {
  static func decode(_ block: BlockBytes) -> [Float] {
    (0..<64).map { block.float(0) * Float(bitPattern: Codebook.nf4[block.nibbleOf32($0, at: 4)]) }
  }
}
