import HeddleText
import HeddleTypes

extension ImportanceMatrix {
  /// The GGUF form: of each matrix the tensors `NAME.in_sum2` and `NAME.counts`, by their names.
  ///
  /// - Throws: ``ImportanceError/noEntries``, ``ImportanceError/gguf(_:)``.
  public func serialized() throws(ImportanceError) -> [UInt8] {
    guard !entries.isEmpty else { throw .noEntries }
    var writer = GGUFWriter()
    do throws(GGUFError) {
      try writer.set(Self.typeKey, .string(Self.type))
      try writer.set(Self.datasetsKey, .array(.string(datasets)))
      try writer.set(Self.chunkCountKey, .uint32(UInt32(clamping: chunkCount)))
      try writer.set(Self.chunkSizeKey, .uint32(UInt32(clamping: chunkSize)))
      for name in names {
        guard let entry = entries[name] else { continue }
        let matrices = entry.counts.count
        let columns = entry.sums.count.divided(by: matrices)
        for (suffix, values, shape) in [
          (Self.sumsSuffix, entry.sums, [matrices, columns]), (Self.countsSuffix, entry.counts, [matrices, 1]),
        ] {
          guard let type = GGUFTensorType(.float32) else { continue }
          var bytes = ByteWriter()
          for value in values { bytes.append(value.bitPattern) }
          try writer.add(name + suffix, type: type, shape: shape, bytes: bytes.bytes)
        }
      }
    } catch { throw .gguf(error) }
    return writer.serialized()
  }
}
