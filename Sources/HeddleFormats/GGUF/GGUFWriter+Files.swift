import HeddleText
import HeddleTypes

// Tensors that come when the file is written.
extension GGUFWriter {
  /// Writes a file that was opened before, and commits it. What `bytes` gives is written before the next tensor is asked for.
  ///
  /// - Parameter bytes: the data of a tensor that was added without, as long as its type and shape need; called in the order
  ///   of adding.
  /// - Throws: ``GGUFError``, `CancellationError`, and what `bytes` throws. There is no file then.
  public func write(
    to file: OutputFile, _ bytes: (_ name: String) async throws -> any ConstantProvider
  ) async throws {
    let header = header().bytes
    let alignment = alignment
    let total = entries.reduce(header.count) { $0 &+ $1.byteCount.roundedUp(toMultipleOf: alignment) }
    try GGUFError.reading { () throws(FileError) in
      try file.reserve(byteCount: total)
      try file.append(header)
    }
    for entry in entries {
      try Task.checkCancellation()
      if let held = entry.bytes {
        try GGUFError.reading { () throws(FileError) in try file.append(held) }
      } else {
        try Self.append(entry, try await bytes(entry.name), to: file)
      }
      let missing = entry.byteCount.roundedUp(toMultipleOf: alignment) &- entry.byteCount
      let zeros = [UInt8](filled: 0, count: missing)  // Traps: never (clamped-count).
      try GGUFError.reading { () throws(FileError) in try file.append(zeros) }
    }
    try GGUFError.reading { () throws(FileError) in try file.commit() }
  }

  private static func append(
    _ entry: Entry, _ provider: any ConstantProvider, to file: OutputFile
  ) throws(GGUFError) {
    let failure: GGUFError? = provider.withBytes { bytes in
      guard bytes.count == entry.byteCount else {
        return .cannotEncode(.wrongByteCount(tensor: entry.name, expected: entry.byteCount, got: bytes.count))
      }
      do throws(FileError) { try file.append(bytes) } catch { return .file(error) }
      return nil
    }
    if let failure { throw failure }
  }
}
