extension SparseLayout {
  /// One kept value: its row and its place in K, and where it is stored.
  package struct Place {
    package var row: Int
    package var input: Int
    /// Byte of the row's span.
    package var span: Int
    /// Within the span.
    package var position: Int
  }

  // Traps: never, places count bytes of a buffer that has the layout's size, and values of a matrix whose dense size
  // fits an Int; indices were checked when the bytes were stored.
  /// Calls `body` with every kept place of a row below M, in stored order. The bytes must be valid.
  package func forEachPlace(_ bytes: UnsafeRawBufferPointer, _ body: (Place) -> Void) {
    guard spans > 0 else { return }
    let pattern = format.pattern
    let shared = UnsafeRawBufferPointer(rebasing: bytes[indices])
    func word(_ place: Int) -> Int {
      Int(UInt32(littleEndian: shared.loadUnaligned(fromByteOffset: place * 4, as: UInt32.self)))
    }
    if case .block(let side, _) = pattern.kind {
      for group in 0..<groups {
        for block in word(group)..<word(group + 1) {
          for row in 0..<min(side, rows - group * side) {
            let span = (block * side + row) * format.spanByteCount
            for position in 0..<side {
              let input = word(groups + 1 + block) * side + position
              body(Place(row: group * side + row, input: input, span: span, position: position))
            }
          }
        }
      }
      return
    }
    for row in 0..<rows {
      for span in 0..<spans {
        let start = (row * spans + span) * format.spanByteCount
        for position in 0..<pattern.keptPerSpan {
          let within: Int
          switch pattern.kind {
          case .perRow(let kept, let size):
            within = position / kept * size + rowIndex(bytes, row: row, span: span, position: position)
          default:
            let group = row / SparsityPattern.vectorRows
            within = Int(shared[(group * spans + span) * pattern.keptPerSpan + position])
          }
          body(Place(row: row, input: span * pattern.span + within, span: start, position: position))
        }
      }
    }
  }
}
