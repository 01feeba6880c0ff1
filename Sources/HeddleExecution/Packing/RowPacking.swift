import HeddlePlanning
import HeddleText

/// Rows of units in the row-major bytes of a constant.
struct RowPart {
  let entry: ConstantStore.Entry
  let bytes: Range<Int>
  let rows: Int

  /// `count` of its rows from row `first` on.
  func rows(from first: Int, count: Int) -> RowPart {
    let size = bytes.count.divided(by: rows)
    let start = bytes.lowerBound &+ first &* size
    return RowPart(entry: entry, bytes: Range(from: start, count: count &* size), rows: count)
  }
}

/// Brings rows of units to a device and interleaves them there: `Kernels/Quantization/pack_rows.cl`.
///
/// Used by one thread at a time, which has the driver's turn.
final class RowPacking {
  private let kernel: any DeviceKernel
  private let staging: any DeviceMemory
  private let uniforms: any DeviceMemory
  private let together: Int
  private let rowByteCount: Int
  private let rowUnits: Int
  private let rowsAtOnce: Int

  /// - Parameters:
  ///   - kernel: of ``PackingKernels/interleaveRows(_:unitByteCount:)`` with `together` and `unit`.
  ///   - rowsAtOnce: rows that are brought to the device at a time: they are there beside the packed ones.
  init(
    _ kernel: any DeviceKernel, by together: Int, rowByteCount: Int, unitByteCount unit: Int, rowsAtOnce: Int,
    _ runtime: any DeviceRuntime
  ) throws {
    self.kernel = kernel
    self.together = together
    self.rowByteCount = rowByteCount
    rowUnits = rowByteCount.divided(by: unit)
    // A row is a work-group of the second axis, and so is each that fills the last ones up.
    let groupLimit = max(1, runtime.target.maximumGroupCounts.dropFirst().first.map { $0 &- together } ?? .max)
    self.rowsAtOnce = max(1, min(rowsAtOnce, groupLimit))
    staging = try runtime.allocate(max(16, self.rowsAtOnce &* rowByteCount), access: .readOnly)
    uniforms = try runtime.allocate(4 * 8, access: .readOnly)
    try kernel.set(0, to: staging)
    try kernel.set(2, to: uniforms)
    try kernel.set(3, to: 0)
  }

  /// Lets the rows that follow go to this memory.
  func setTarget(_ memory: any DeviceMemory) throws { try kernel.set(1, to: memory) }

  /// Packs rows from row `destination` of the target on; zeros fill it up to row `end`, if there is one.
  func pack(_ part: RowPart, to destination: Int, filledTo end: Int? = nil, on queue: any DeviceQueue) throws {
    guard part.bytes.upperBound <= part.entry.byteCount, part.bytes.count == part.rows &* rowByteCount else {
      throw TypeError.wrongByteCount(
        expected: part.rows &* rowByteCount, got: part.bytes.count,
        TensorSummary(part.entry.encoding, part.entry.shape))
    }
    var first = 0
    while first < part.rows {
      let count = min(rowsAtOnce, part.rows &- first)
      let start = destination &+ first
      let filled = first &+ count == part.rows ? end.map { $0 &- start } ?? count : count
      try bring(part.rows(from: first, count: count), on: queue)
      let values = [count, rowUnits, start, filled].map(Int64.init)
      try values.withUnsafeBytes { try queue.write($0, to: uniforms, offset: 0, waits: true) }
      let local = PackingKernels.interleaveRowsLocal
      let items = rowUnits.roundedUp(toMultipleOf: local.first ?? 1)
      _ = try queue.launch(kernel, global: [items, filled], local: local, event: false)
      first &+= count
    }
  }

  /// Blocking writes into an in-order queue: each waits for the launch that still reads the last piece.
  private func bring(_ part: RowPart, on queue: any DeviceQueue) throws {
    try part.entry.provider.withBytes(in: part.bytes) { bytes in
      guard bytes.count == part.bytes.count else {
        throw TypeError.wrongByteCount(
          expected: part.bytes.count, got: bytes.count, TensorSummary(part.entry.encoding, part.entry.shape))
      }
      try queue.write(bytes, to: staging, offset: 0, waits: true)
    }
  }
}
