import HeddlePlanning
import OpenCLRuntime

/// Brings constants to a device: as they are, or in the layout of `Kernels/Common/weights.cl` or `patterns.cl`.
struct ConstantPacking {
  let state: DeviceState
  let store: ConstantStore

  /// Bytes brought to the device at a time while packing: bounds the memory beside the packed copy.
  private static let stagingByteCount = 8 << 20

  func pack(_ constant: PackedConstant) throws -> Buffer {
    let queue = try CommandQueue(context: state.context)
    switch (constant.layout, constant.encoding) {
    case (.rowMajor, _): return try copy(constant, queue)
    case (.interleavedRows, .sparse(let format)): return try pack(constant, format, queue)
    case (.interleavedRows, _): return try interleave(constant, queue)
    }
  }

  private func copy(_ constant: PackedConstant, _ queue: CommandQueue) throws -> Buffer {
    let entries = try constant.ids.map { try store.entry($0) }
    var byteCount = 0
    for entry in entries {
      let (sum, overflow) = byteCount.addingReportingOverflow(entry.byteCount)
      if overflow { throw TypeError.sizeOverflow([constant.totalRows, constant.rowLength]) }
      byteCount = sum
    }
    let buffer = try Buffer(context: state.context, byteCount: max(byteCount, 16), access: .readOnly)
    var offset = 0
    for entry in entries {
      try entry.provider.withBytes { _ = try queue.write($0, to: buffer, offset: offset) }
      // Traps: never, the sum was checked above.
      offset += entry.byteCount
    }
    return buffer
  }

  private func interleave(_ constant: PackedConstant, _ queue: CommandQueue) throws -> Buffer {
    let unit = constant.encoding == .float32 ? 4 : 2
    let rowByteCount = try constant.encoding.byteCount(shape: [constant.rowLength])
    guard rowByteCount > 0, constant.totalRows > 0 else {
      return try Buffer(context: state.context, byteCount: 16, access: .readOnly)
    }
    let (padded, tooMany) = constant.totalRows.addingReportingOverflow(15)
    if tooMany { throw TypeError.sizeOverflow([constant.totalRows, constant.rowLength]) }
    let paddedRows = padded / 16 * 16
    let (byteCount, overflow) = paddedRows.multipliedReportingOverflow(by: rowByteCount)
    if overflow { throw TypeError.sizeOverflow([constant.totalRows, constant.rowLength]) }
    let buffer = try Buffer(context: state.context, byteCount: byteCount)
    let parts = try zip(constant.ids, constant.rows).map { id, rows in
      // Traps: never, all rows together have a size that fits, checked above.
      RowPart(entry: try store.entry(id), bytes: 0..<rows * rowByteCount, rows: rows)
    }
    try interleave(parts, rowByteCount: rowByteCount, unitByteCount: unit, to: buffer, queue)
    try queue.finish()
    return buffer
  }

  /// Rows of units in the row-major bytes of a constant.
  struct RowPart {
    let entry: ConstantStore.Entry
    let bytes: Range<Int>
    let rows: Int
  }

  // Traps: never, callers have checked the size of all rows, filled up; rows are of one byte or more, `unit` is 2 or
  // 4, and counts go up to a part's rows.
  /// The rows of all parts, one after the other, interleaved by `together` from the start of `buffer` on; zeros fill the
  /// last of them up.
  func interleave(
    _ parts: [RowPart], by together: Int = 16, rowByteCount: Int, unitByteCount unit: Int, to buffer: Buffer,
    _ queue: CommandQueue
  ) throws {
    let totalRows = parts.map(\.rows).reduce(0, +)
    let paddedRows = (totalRows + together - 1) / together * together
    let kernel = PackingKernels.interleaveRows(together, unitByteCount: unit)
    guard let program = try state.build([kernel])[kernel] else { return }
    let pack = try program.kernel(kernel.entry)
    let rowsAtOnce = min(max(1, Self.stagingByteCount / rowByteCount), totalRows)
    let staging = try Buffer(context: state.context, byteCount: rowsAtOnce * rowByteCount, access: .readOnly)
    let uniforms = try Buffer(context: state.context, byteCount: 4 * 8, access: .readOnly)
    try pack.setArguments(staging, buffer, uniforms, Int32(0))

    try state.turn.take()
    defer { state.turn.end(after: queue) }
    var destination = 0
    for part in parts {
      try part.entry.provider.withBytes { bytes in
        guard part.bytes.upperBound <= bytes.count, part.bytes.count == part.rows * rowByteCount else {
          throw TypeError.wrongByteCount(
            expected: part.rows * rowByteCount, got: bytes.count,
            TensorSummary(part.entry.encoding, part.entry.shape))
        }
        var first = 0
        while first < part.rows {
          let count = min(rowsAtOnce, part.rows - first)
          let isLast = destination + count == totalRows
          let padded = isLast ? paddedRows - destination : count
          let start = part.bytes.lowerBound + first * rowByteCount
          let piece = UnsafeRawBufferPointer(rebasing: bytes[start..<start + count * rowByteCount])
          // Blocking writes into an in-order queue: each waits for the launch that still reads the last piece.
          _ = try queue.write(piece, to: staging)
          try queue.write([count, rowByteCount / unit, destination, padded].map(Int64.init), to: uniforms)
          let local = PackingKernels.interleaveRowsLocal
          let groups = (rowByteCount / unit + local[0] - 1) / local[0]
          _ = try queue.enqueue(pack, global: [groups * local[0], padded], local: local)
          first += count
          destination += count
        }
      }
    }
  }
}
