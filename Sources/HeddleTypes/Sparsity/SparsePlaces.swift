import HeddleText

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

  /// Calls `body` with every kept place of a row below M, in stored order. The bytes must be valid.
  package func forEachPlace(_ bytes: UnsafeRawBufferPointer, _ body: (Place) -> Void) {
    guard spans > 0 else { return }
    let pattern = format.pattern
    let shared = UnsafeRawBufferPointer(rebasing: bytes.part(from: indices.lowerBound, to: indices.upperBound))
    func word(_ place: Int) -> Int { Int(shared.littleEndian(UInt32.self, at: place &* 4)) }
    if case .block(let side, _) = pattern.kind {
      for group in 0..<max(0, groups) {
        let start = word(group)
        for block in start..<max(start, word(group &+ 1)) {
          for row in 0..<max(0, min(side, rows &- group &* side)) {
            let span = (block &* side &+ row) &* format.spanByteCount
            for position in 0..<max(0, side) {
              let input = word(groups &+ 1 &+ block) &* side &+ position
              body(Place(row: group &* side &+ row, input: input, span: span, position: position))
            }
          }
        }
      }
      return
    }
    for row in 0..<max(0, rows) {
      for span in 0..<max(0, spans) {
        let start = (row &* spans &+ span) &* format.spanByteCount
        for position in 0..<max(0, pattern.keptPerSpan) {
          let within: Int
          switch pattern.kind {
          case .perRow(let kept, let size):
            within = position.divided(by: kept) &* size &+ rowIndex(bytes, row: row, span: span, position: position)
          default:
            let group = row / SparsityPattern.vectorRows
            let place = (group &* spans &+ span) &* pattern.keptPerSpan &+ position
            within = Int(shared.littleEndian(UInt8.self, at: place))
          }
          body(Place(row: row, input: span &* pattern.span &+ within, span: start, position: position))
        }
      }
    }
  }
}
