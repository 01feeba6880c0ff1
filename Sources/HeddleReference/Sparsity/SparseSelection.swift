import HeddleTypes

/// Which places of a weight a pattern keeps, in the order in which a ``SparseLayout`` stores indices.
public struct SparseSelection: Hashable, Sendable {
  /// `N:M` per row: `[M][K/span][kept]` places among M neighbours. Vector-wise: `[⌈M/32⌉][K/span][N]` places within the
  /// span. Blocks: `[Q]` columns.
  public var indices: [Int]
  /// Where each row of blocks starts among the columns, then Q; empty for other patterns.
  public var starts: [Int]

  public init(indices: [Int], starts: [Int] = []) {
    self.indices = indices
    self.starts = starts
  }

  /// How many indices a layout has.
  static func indexCount(_ layout: SparseLayout) -> Int {
    switch layout.format.pattern.kind {
    case .perRow, .vectorWise: layout.groups * layout.spans * layout.format.pattern.keptPerSpan
    case .block: layout.keptBlocks
    }
  }

  /// The places with the greatest magnitude: of a value, of the sum of magnitudes down a vector of rows, of the sum over a
  /// block. Sums are float32, row after row and in a row along K. Of equals the first is kept; what is not a number counts
  /// as 0.
  ///
  /// - Throws: what ``SparseLayout`` throws for the shape, or if there are more or fewer values.
  public static func byMagnitude(
    _ values: [Float], _ format: SparseFormat, shape: [Int]
  ) throws(TypeError) -> SparseSelection {
    let layout = try SparseLayout(format, shape: shape)
    guard values.count == layout.rows * layout.inputs else {
      throw .wrongByteCount(
        expected: layout.rows * layout.inputs * 4, got: values.count * 4, TensorSummary(.float32, shape))
    }
    let magnitudes = values.map { $0.isNaN ? 0 : abs($0) }
    let (rows, inputs) = (layout.rows, layout.inputs)
    switch format.pattern.kind {
    case .perRow(let kept, let size):
      var indices: [Int] = []
      for start in stride(from: 0, to: rows * inputs, by: size) {
        indices += greatest(Array(magnitudes[start..<start + size]), kept).sorted()
      }
      return SparseSelection(indices: indices)
    case .vectorWise(let kept, let size, let isNested):
      var indices: [Int] = []
      for group in 0..<layout.groups {
        let members = group * 32..<min(group * 32 + 32, rows)
        for start in stride(from: 0, to: inputs, by: size) {
          let sums = (start..<start + size).map { input in
            members.reduce(Float(0)) { $0 + magnitudes[$1 * inputs + input] }
          }
          let chosen = greatest(sums, kept)
          indices += isNested ? chosen : chosen.sorted()
        }
      }
      return SparseSelection(indices: indices)
    case .block(let side, _):
      var sums = [Float](repeating: 0, count: layout.groups * layout.spans)
      for row in 0..<rows {
        for input in 0..<inputs { sums[row / side * layout.spans + input / side] += magnitudes[row * inputs + input] }
      }
      let chosen = greatest(sums, layout.keptBlocks).sorted()
      let starts = (0...layout.groups).map { group in
        chosen.count { $0 < group * layout.spans }
      }
      return SparseSelection(indices: chosen.map { $0 % max(layout.spans, 1) }, starts: starts)
    }
  }

  /// The places of the `count` greatest values, greatest first, of equals the first.
  private static func greatest(_ values: [Float], _ count: Int) -> [Int] {
    let order = values.indices.sorted { values[$0] > values[$1] || (values[$0] == values[$1] && $0 < $1) }
    return Array(order.prefix(count))
  }
}
