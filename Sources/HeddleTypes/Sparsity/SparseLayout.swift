import HeddleText

/// Where the bytes of a sparse tensor `[M, K]` are: three sections, each from a multiple of 64 bytes on, zeros between.
///
/// | section | `N:M` per row | vector-wise | block |
/// |---|---|---|---|
/// | values | `[M][K/span]` spans | `[M][K/span]` spans | `[Q][S]` spans: row by row of each kept block |
/// | indices | none | `[⌈M/32⌉][K/span][N]` u8, the place within the span | `[⌈M/S⌉ + 1]` u32 starts, `[Q]` u32 columns |
/// | scales | `[M]` float32, only with `int8` | the same | the same |
///
/// - Vector-wise indices ascend within a span; nested ones come in order of importance, none twice.
/// - Q blocks are kept, in the order of their rows of blocks, then of their columns. Row of blocks `r` has those from
///   `starts[r]` to before `starts[r + 1]`; a column counts blocks. Rows of a block past M are zeros.
/// - Leading axes count as rows.
public struct SparseLayout: Hashable, Sendable {
  public let format: SparseFormat
  /// M.
  public let rows: Int
  /// K.
  public let inputs: Int
  /// Blocks kept in all: Q. 0 for other patterns.
  public let keptBlocks: Int
  public let values: Range<Int>
  public let indices: Range<Int>
  public let scales: Range<Int>

  public static let alignment = 64

  /// Spans of a whole row.
  public var spans: Int { inputs / max(1, format.pattern.span) }
  /// Groups of rows that share a pattern: the rows are 1024 below Int.max.
  public var groups: Int { (rows &+ format.pattern.rowsPerGroup &- 1) / max(1, format.pattern.rowsPerGroup) }
  public var byteCount: Int { scales.upperBound }

  /// - Throws: ``TypeError/sizeOverflow(_:)``, ``TypeError/negativeExtent(_:)``, ``TypeError/rowNotInBlocks(_:_:)`` if the
  ///   last axis is not a multiple of the span.
  public init(_ format: SparseFormat, shape: [Int]) throws(TypeError) {
    let pattern = format.pattern
    guard shape.allSatisfy({ $0 >= 0 }) else { throw .negativeExtent(shape) }
    let inputs = shape.last ?? 1
    guard inputs.isMultiple(of: pattern.span) else { throw .rowNotInBlocks(.sparse(format), inputs) }
    var size = CheckedSize(shape)
    let rows = try size.product(Array(shape.dropLast()))
    // The values, were they dense float32: whoever decodes them counts so far.
    _ = try size.product([rows, inputs, 4])
    // Room for rounding up below; no store comes near it.
    guard rows < Int.max - 1024 else { throw .sizeOverflow(shape) }
    let spans = inputs.divided(by: pattern.span)
    let groups = rows.dividedRoundingUp(by: pattern.rowsPerGroup)
    switch pattern.kind {
    case .perRow:
      keptBlocks = 0
      values = try size.section([rows, spans, format.spanByteCount])
      indices = try size.section([0])
    case .vectorWise(let kept, _, _):
      keptBlocks = 0
      values = try size.section([rows, spans, format.spanByteCount])
      indices = try size.section([groups, spans, kept])
    case .block(let side, let percent):
      let total = try size.product([groups, spans])
      guard total <= Int(UInt32.max) else { throw .sizeOverflow(shape) }
      keptBlocks = total &- total &* percent / 100
      values = try size.section([keptBlocks, side, format.spanByteCount])
      indices = try size.section([groups &+ 1 &+ keptBlocks, 4])
    }
    scales = try size.section([rows, format.rowScaleByteCount])
    self.format = format
    self.rows = rows
    self.inputs = inputs
  }
}

/// Sums and products that must fit `Int`.
private struct CheckedSize {
  let shape: [Int]
  var end = 0

  init(_ shape: [Int]) { self.shape = shape }

  func product(_ factors: [Int]) throws(TypeError) -> Int {
    var result = 1
    for factor in factors {
      let (next, overflow) = result.multipliedReportingOverflow(by: factor)
      guard !overflow else { throw .sizeOverflow(shape) }
      result = next
    }
    return result
  }

  /// The next section of so many bytes; an empty one lies at the end of the last.
  mutating func section(_ factors: [Int]) throws(TypeError) -> Range<Int> {
    let count = try product(factors)
    guard count > 0 else { return Range(from: end, count: 0) }
    let mask = SparseLayout.alignment - 1
    let (start, startOverflow) = end.addingReportingOverflow(mask)
    let (last, overflow) = (start & ~mask).addingReportingOverflow(count)
    guard !startOverflow, !overflow else { throw .sizeOverflow(shape) }
    defer { end = last }
    return Range(from: start & ~mask, count: count)
  }
}
