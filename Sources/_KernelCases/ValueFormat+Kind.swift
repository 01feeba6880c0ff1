import HeddleTypes

extension ValueFormat {
  /// The first format whose blocks kernels walk in the same way: units of as many bytes, groups of as many values, one group a
  /// block or several. Formats of a kind differ in nothing but their decoders, so one stands for the others where kernels are
  /// shown in their tiles; numbers that stand for themselves, and formats of patterns only, each stand for themselves.
  var representative: ValueFormat {
    ValueFormats.all.first { $0 == self || $0.isWalked(like: self) } ?? self
  }

  private func isWalked(like other: ValueFormat) -> Bool {
    !isScalar && !other.isScalar && !needsPattern && !other.needsPattern
      && block.unitByteCount == other.block.unitByteCount && groupSize == other.groupSize
      && (groupSize == blockSize) == (other.groupSize == other.blockSize)
  }

  /// Whether every test run has the format's cases around all tiles, and not only the campaign.
  var isRepresentative: Bool { representative == self }
}
