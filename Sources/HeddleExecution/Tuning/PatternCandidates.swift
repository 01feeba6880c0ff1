import HeddlePlanning

extension SparsityPattern {
  /// The densest pattern of each kind and size that leaves out at least `ratio` of a weight `[outputs, inputs]`: N:M per row,
  /// vector-wise with M of 16, 32, 64, and blocks of 16, 32, 48, 64. None if the inputs are a multiple of no size.
  public static func candidates(ratio: Double, inputs: Int, outputs: Int) -> [SparsityPattern] {
    guard ratio > 0, ratio < 1, inputs > 0, outputs > 0 else { return [] }
    var kinds: [[Kind]] = [4, 8, 16].map { size in [2, 4, 8].map { .perRow(kept: size / $0, of: size) } }
    kinds += [16, 32, 64].map { size in
      (1...max(1, size)).reversed().map { .vectorWise(kept: $0, of: size, isNested: false) }
    }
    kinds += [16, 32, 48, 64].map { size in (0...100).map { .block(size: size, percent: $0) } }
    return kinds.compactMap { kinds in
      // The densest come first; 1:4 and so on do not exist for every size.
      kinds.lazy.compactMap { try? SparsityPattern($0) }.first { pattern in
        guard let left = pattern.ratio(inputs: inputs, outputs: outputs) else { return false }
        return pattern.density <= 1 - ratio && left >= ratio && left < 1
      }
    }
  }

  /// The share of the values of a weight `[outputs, inputs]` that is left out; nil if its rows are no whole spans.
  public func ratio(inputs: Int, outputs: Int) -> Double? {
    guard inputs > 0, outputs > 0,
      let layout = try? SparseLayout(try SparseFormat(self, .float32), shape: [outputs, inputs])
    else { return nil }
    guard case .block = kind else { return 1 - density }
    return 1 - Double(layout.keptBlocks) / (Double(layout.groups) * Double(layout.spans))
  }
}
