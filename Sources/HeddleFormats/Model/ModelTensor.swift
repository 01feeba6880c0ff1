import HeddleTypes

/// One tensor of a ``ModelFile``.
public struct ModelTensor: Hashable, Sendable {
  public let name: String
  /// The type as the file calls it: `Q4_1`, `BF16`, or the name of an ``Encoding`` that the file's format has no word for.
  public let typeName: String
  /// How Heddle stores such values; nothing for the types it cannot compute with.
  public let encoding: Encoding?
  /// Row-major extents: the last axis is contiguous.
  public let shape: [Int]
  /// Where the data begins, in bytes from the beginning of the file.
  public let offset: Int
  /// Bytes of the data. `offset + byteCount` lies in the file.
  public let byteCount: Int
}
