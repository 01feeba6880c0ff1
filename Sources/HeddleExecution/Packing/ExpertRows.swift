import HeddlePlanning
import HeddleText

/// Where the rows of each expert of a weight are.
struct ExpertRows {
  /// Of each expert, in the order of its rows.
  let parts: [[RowPart]]
  /// Rows of an expert.
  let rows: Int
  let rowByteCount: Int
  let unitByteCount: Int

  var kernel: KernelReference { PackingKernels.interleaveRows(16, unitByteCount: unitByteCount) }

  init(_ constant: PackedConstant, experts: Int, _ packing: ConstantPacking) throws {
    let rows = constant.totalRows.divided(by: experts)
    self.rows = rows
    rowByteCount = try constant.encoding.byteCount(shape: [constant.rowLength])
    unitByteCount = constant.encoding.values.block.unitByteCount
    let entries = try constant.ids.map { try packing.store.entry($0) }
    var pieces = packing.pieces(constant, entries.map(\.byteCount), entries)[...]
    var parts: [[RowPart]] = []
    for _ in 0..<max(0, experts) {
      var own: [RowPart] = []
      var missing = rows
      while missing > 0, let piece = pieces.popFirst() {
        let count = min(piece.rows, missing)
        own.append(piece.rows(from: 0, count: count))
        missing &-= count
        if count < piece.rows { pieces = [piece.rows(from: count, count: piece.rows &- count)] + pieces }
      }
      parts.append(own)
    }
    self.parts = parts
  }
}
