import HeddleText

/// One tensor of a GGUF file: where its bytes are and how to read them.
public struct GGUFTensor: Hashable, Sendable {
  public let name: String
  public let type: GGUFTensorType
  /// Row-major extents: the last axis is contiguous. (ggml's `ne`, reversed.) Without an axis it is one value.
  public let shape: [Int]
  /// Where the data begins, in bytes from the beginning of the file.
  public let offset: Int
  /// Bytes of the data. `offset + byteCount` lies in the file.
  public let byteCount: Int
}

extension GGUFTensor: CustomStringConvertible {
  public var description: String {
    "\(Printable.text(name)) \(type)[\(shape.map(String.init).joined(separator: ", "))], \(byteCount) bytes at \(offset)"
  }
}

extension GGUFTensorType {
  /// ggml's limit of axes.
  static let maximumRank = 4

  /// Bytes of a tensor of this type: `Π shape / blockSize · blockByteCount`.
  ///
  /// Extents may be 0. The product is checked factor by factor as if they were 1, so no subset of the axes overflows.
  func byteCount(tensor name: String, shape: [Int]) throws(GGUFDefect) -> Int {
    guard shape.count <= Self.maximumRank else { throw .invalidRank(tensor: name, rank: shape.count) }
    let row = shape.last ?? 1
    guard row.isMultiple(of: blockSize) else { throw .rowNotInBlocks(tensor: name, type: self, row: row) }
    var elements = 1
    for extent in shape {
      guard extent >= 0 else { throw .negativeExtent(tensor: name, shape: shape) }
      let (product, overflow) = elements.multipliedReportingOverflow(by: max(extent, 1))
      guard !overflow else { throw .shapeOverflow(tensor: name, shape: shape) }
      elements = product
    }
    let (bytes, overflow) = elements.divided(by: blockSize).multipliedReportingOverflow(by: blockByteCount)
    guard !overflow else { throw .shapeOverflow(tensor: name, shape: shape) }
    return shape.contains(0) ? 0 : bytes
  }
}
