import HeddlePlanning
import HeddleText

/// Brings constants to a device: as they are, or in the layout of `Kernels/Common/weights.cl` or `patterns.cl`.
struct ConstantPacking {
  let state: DeviceState
  let store: ConstantStore

  /// Bytes brought to the device at a time while packing: bounds the memory beside the packed copy.
  private static let stagingByteCount = 8 << 20

  func pack(_ constant: PackedConstant) throws -> any DeviceMemory {
    let queue = try state.runtime.makeQueue(isTimed: false)
    if constant.layout == .rowMajor { return try copy(constant, queue) }
    guard let format = constant.encoding.sparse else { return try interleave(constant, queue) }
    return try pack(constant, format, queue)
  }

  private func copy(_ constant: PackedConstant, _ queue: any DeviceQueue) throws -> any DeviceMemory {
    let entries = try constant.ids.map { try store.entry($0) }
    var byteCount = 0
    for entry in entries {
      let (sum, overflow) = byteCount.addingReportingOverflow(entry.byteCount)
      if overflow { throw TypeError.sizeOverflow([constant.totalRows, constant.rowLength]) }
      byteCount = sum
    }
    let buffer = try state.runtime.allocate(max(byteCount, 16), access: .readOnly)
    // A whole constant is one row of all its bytes.
    var offset = 0
    for part in pieces(constant, entries.map(\.byteCount), entries) {
      try part.entry.provider.withBytes { bytes in
        let piece = UnsafeRawBufferPointer(rebasing: bytes.part(from: part.bytes.lowerBound, to: part.bytes.upperBound))
        try queue.write(piece, to: buffer, offset: offset, waits: true)
      }
      offset &+= part.bytes.count
    }
    return buffer
  }

  private func interleave(_ constant: PackedConstant, _ queue: any DeviceQueue) throws -> any DeviceMemory {
    let unit = constant.encoding.values.block.unitByteCount
    let rowByteCount = try constant.encoding.byteCount(shape: [constant.rowLength])
    guard rowByteCount > 0, constant.totalRows > 0 else {
      return try state.runtime.allocate(16, access: .readOnly)
    }
    let (padded, tooMany) = constant.totalRows.addingReportingOverflow(15)
    if tooMany { throw TypeError.sizeOverflow([constant.totalRows, constant.rowLength]) }
    let paddedRows = padded / 16 * 16
    let (byteCount, overflow) = paddedRows.multipliedReportingOverflow(by: rowByteCount)
    if overflow { throw TypeError.sizeOverflow([constant.totalRows, constant.rowLength]) }
    let buffer = try state.runtime.allocate(byteCount, access: .readWrite)
    let parts = pieces(
      constant, constant.rows.map { $0 &* rowByteCount }, try constant.ids.map { try store.entry($0) })
    try interleave(parts, rowByteCount: rowByteCount, unitByteCount: unit, to: buffer, queue)
    try queue.finish()
    return buffer
  }

  /// The pieces of parts of so many bytes, in the order of their turns.
  func pieces(
    _ constant: PackedConstant, _ byteCounts: [Int], _ entries: [ConstantStore.Entry]
  ) -> [RowPart] {
    (0..<max(0, constant.turns)).flatMap { turn in
      zip(entries, zip(constant.rows, byteCounts)).map { entry, size in
        let (rows, bytes) = (size.0.divided(by: constant.turns), size.1.divided(by: constant.turns))
        return RowPart(entry: entry, bytes: Range(from: turn &* bytes, count: bytes), rows: rows)
      }
    }
  }

  /// The rows of all parts, one after the other, interleaved by `together` from the start of `buffer` on; zeros fill the
  /// last of them up.
  func interleave(
    _ parts: [RowPart], by together: Int = 16, rowByteCount: Int, unitByteCount unit: Int, to buffer: any DeviceMemory,
    _ queue: any DeviceQueue
  ) throws {
    let totalRows = parts.map(\.rows).reduce(0, &+)
    let kernel = PackingKernels.interleaveRows(together, unitByteCount: unit)
    guard let program = try state.build([kernel])[kernel] else { return }
    let rows = try RowPacking(
      program.makeKernel(kernel.entry), by: together, rowByteCount: rowByteCount, unitByteCount: unit,
      rowsAtOnce: min(max(1, Self.stagingByteCount.divided(by: rowByteCount)), totalRows), state.runtime)
    try rows.setTarget(buffer)
    try state.runtime.takeTurn {}
    defer { state.runtime.endTurn(after: queue) }
    let end = totalRows.roundedUp(toMultipleOf: together)
    var destination = 0
    for part in parts {
      let isLast = destination &+ part.rows == totalRows
      try rows.pack(part, to: destination, filledTo: isLast ? end : nil, on: queue)
      destination &+= part.rows
    }
  }
}
