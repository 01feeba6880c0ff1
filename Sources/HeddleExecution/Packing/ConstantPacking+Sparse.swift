import HeddlePlanning
import HeddleText

extension ConstantPacking {
  /// A sparse weight in the layout of `Kernels/Common/patterns.cl`: its values interleaved, then the indices that rows
  /// share and the scales of rows, of all parts one after the other.
  func pack(_ constant: PackedConstant, _ format: SparseFormat, _ queue: any DeviceQueue) throws -> any DeviceMemory {
    let packing = try SparsePacking(format, rows: constant.totalRows, inputs: constant.rowLength)
    let buffer = try state.runtime.allocate(max(packing.byteCount, 64), access: .readWrite)
    let parts = try constant.ids.map { id in
      let entry = try store.entry(id)
      return (entry: entry, layout: try SparseLayout(format, shape: entry.shape))
    }
    // The bytes were checked when they were stored, but a file may have changed since, and kernels trust indices.
    for part in parts { try part.entry.provider.withBytes { try part.layout.validate($0) } }
    let rowByteCount = packing.rowUnits &* format.unitByteCount
    if rowByteCount > 0, packing.unitRows > 0 {
      let rows = parts.map { part in
        RowPart(
          entry: part.entry, bytes: part.layout.values,
          rows: part.layout.values.count.divided(by: rowByteCount))
      }
      try interleave(
        rows, by: packing.interleavedRows, rowByteCount: rowByteCount, unitByteCount: format.unitByteCount, to: buffer,
        queue)
    }
    var (indicesEnd, scalesEnd) = (packing.indicesOffset, packing.scalesOffset)
    for part in parts {
      try part.entry.provider.withBytes { bytes in
        try write(bytes, part.layout.indices, to: buffer, &indicesEnd, queue)
        try write(bytes, part.layout.scales, to: buffer, &scalesEnd, queue)
      }
    }
    // Scales of the rows that fill the last 16.
    if scalesEnd > packing.scalesOffset, scalesEnd < packing.byteCount {
      let zeros = [UInt8](filled: 0, count: packing.byteCount &- scalesEnd)  // Traps: never (clamped-count).
      try zeros.withUnsafeBytes { try queue.write($0, to: buffer, offset: scalesEnd, waits: true) }
    }
    try queue.finish()
    return buffer
  }

  private func write(
    _ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, to buffer: any DeviceMemory, _ end: inout Int,
    _ queue: any DeviceQueue
  ) throws {
    guard !range.isEmpty else { return }
    try queue.write(UnsafeRawBufferPointer(rebasing: bytes[range]), to: buffer, offset: end, waits: true)
    end &+= range.count
  }
}
