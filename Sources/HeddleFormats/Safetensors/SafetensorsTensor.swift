import HeddleText

/// One tensor of a safetensors file: where its bytes are and how to read them.
public struct SafetensorsTensor: Hashable, Sendable {
  public let name: String
  public let dtype: SafetensorsDtype
  /// Row-major extents: the last axis is contiguous. Empty for a single value.
  public let shape: [Int]
  /// Where the data begins, in bytes from the beginning of the file.
  public let offset: Int
  /// Bytes of the data. `offset + byteCount` lies in the file.
  public let byteCount: Int
}

extension SafetensorsTensor: CustomStringConvertible {
  public var description: String {
    "\(Printable.text(name)) \(dtype)[\(shape.map(String.init).joined(separator: ", "))], \(byteCount) bytes at \(offset)"
  }
}
