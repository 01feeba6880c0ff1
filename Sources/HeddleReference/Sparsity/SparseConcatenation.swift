import HeddleTypes

/// Sparse tensors one below the other: section by section. All but the last end with a whole group of rows, and none is
/// of blocks.
func concatenateSparse(_ parts: [Tensor], _ format: SparseFormat, shape: [Int]) throws -> Tensor {
  let whole = try SparseLayout(format, shape: shape)
  var bytes = [UInt8](repeating: 0, count: whole.byteCount)
  for section in [\SparseLayout.values, \.indices, \.scales] {
    var end = whole[keyPath: section].lowerBound
    for part in parts {
      let range = try SparseLayout(format, shape: part.shape)[keyPath: section]
      bytes.replaceSubrange(end..<end + range.count, with: part.bytes[range])
      end += range.count
    }
  }
  return try Tensor(encoding: .sparse(format), shape: shape, bytes: bytes)
}
