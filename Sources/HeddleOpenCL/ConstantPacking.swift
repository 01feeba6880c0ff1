import HeddlePlanning
import OpenCLRuntime

/// Brings constants to a device: as they are, or in the layout of `Kernels/Common/weights.cl`.
struct ConstantPacking {
  let state: DeviceState
  let store: ConstantStore

  /// Bytes brought to the device at a time while packing: bounds the memory beside the packed copy.
  private static let stagingByteCount = 8 << 20

  func pack(_ constant: PackedConstant) throws -> Buffer {
    let queue = try CommandQueue(context: state.context)
    switch constant.layout {
    case .rowMajor: return try copy(constant, queue)
    case .interleavedRows: return try interleave(constant, queue)
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

    let kernel = PackingKernels.interleaveRows(unitByteCount: unit)
    guard let program = try state.build([kernel])[kernel] else { return buffer }
    let pack = try program.kernel(kernel.entry)
    let rowsAtOnce = min(max(1, Self.stagingByteCount / rowByteCount), constant.totalRows)
    let staging = try Buffer(context: state.context, byteCount: rowsAtOnce * rowByteCount, access: .readOnly)
    let uniforms = try Buffer(context: state.context, byteCount: 4 * 8, access: .readOnly)
    try pack.setArguments(staging, buffer, uniforms, Int32(0))

    try state.turn.take()
    defer { state.turn.end(after: queue) }
    var destination = 0
    for (id, rows) in zip(constant.ids, constant.rows) {
      let entry = try store.entry(id)
      try entry.provider.withBytes { bytes in
        guard bytes.count == rows * rowByteCount else {
          throw TypeError.wrongByteCount(
            expected: rows * rowByteCount, got: bytes.count, TensorSummary(entry.encoding, entry.shape))
        }
        var first = 0
        while first < rows {
          let count = min(rowsAtOnce, rows - first)
          let isLast = destination + count == constant.totalRows
          let padded = isLast ? paddedRows - destination : count
          let piece = UnsafeRawBufferPointer(rebasing: bytes[first * rowByteCount..<(first + count) * rowByteCount])
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
    try queue.finish()
    return buffer
  }
}
