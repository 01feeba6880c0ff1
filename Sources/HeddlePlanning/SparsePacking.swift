import HeddleText
import HeddleTypes

/// Where the parts of a sparse weight are on a device: `Kernels/Common/patterns.cl`. Weights of one format one below the
/// other are one weight.
package struct SparsePacking: Hashable, Sendable {
  package let format: SparseFormat
  /// Rows of units that are interleaved, one after the other: of W, or of all kept blocks.
  package let unitRows: Int
  /// How many of them together: 16, or those of a block.
  package let interleavedRows: Int
  /// Units of such a row.
  package let rowUnits: Int
  /// Spans of a row of W.
  package let spans: Int
  /// Groups of rows that share a pattern.
  package let groups: Int
  /// In bytes.
  package let indicesOffset: Int
  package let scalesOffset: Int
  package let byteCount: Int

  /// - Throws: what ``SparseLayout`` throws.
  package init(_ format: SparseFormat, rows: Int, inputs: Int) throws(TypeError) {
    let layout = try SparseLayout(format, shape: [rows, inputs])
    self.format = format
    spans = layout.spans
    groups = layout.groups
    if case .block(let side, _) = format.pattern.kind {
      unitRows = layout.keptBlocks &* side
      interleavedRows = side
      rowUnits = format.spanUnits
    } else {
      unitRows = rows
      interleavedRows = 16
      let (units, overflow) = spans.multipliedReportingOverflow(by: format.spanUnits)
      guard !overflow else { throw .sizeOverflow([rows, inputs]) }
      rowUnits = units
    }
    let (rowByteCount, tooLong) = rowUnits.multipliedReportingOverflow(by: format.unitByteCount)
    let (padded, tooMany) = unitRows.roundedUp(toMultipleOf: 16).multipliedReportingOverflow(by: rowByteCount)
    guard !tooLong, !tooMany, max(padded, layout.byteCount) < Int.max / 4 else { throw .sizeOverflow([rows, inputs]) }
    indicesOffset = padded.roundedUp(toMultipleOf: 64)
    scalesOffset = indicesOffset &+ layout.indices.count.roundedUp(toMultipleOf: 64)
    byteCount = scalesOffset &+ (layout.scales.isEmpty ? 0 : rows.dividedRoundingUp(by: 16) &* 64)
  }
}
