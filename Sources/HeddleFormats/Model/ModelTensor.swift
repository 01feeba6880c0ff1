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
  /// Where the data begins, in bytes from the beginning of its file; 0 for a tensor that is made from others.
  public let offset: Int
  /// Bytes of the data.
  public let byteCount: Int
}
