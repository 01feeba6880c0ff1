/// How a safetensors file is opened, and how much of it is believed.
///
/// The limits bound what a damaged or hostile file can cost; a tool that needs more can raise them. Whatever they are,
/// the header is also compared with the bytes of the file.
public struct SafetensorsReadOptions: Hashable, Sendable {
  public var storage: FileStorage = .mapped

  /// Bytes of a file.
  public var maximumFileByteCount = 1 << 42
  /// Bytes of a file that is copied into memory.
  public var maximumCopyByteCount = 1 << 36
  /// Bytes of the header (the reference implementation's limit).
  public var maximumHeaderByteCount = 100_000_000
  /// Entries of `__metadata__`.
  public var maximumMetadataCount = 1 << 16
  /// Tensors.
  public var maximumTensorCount = 1 << 17
  /// Axes of a tensor.
  public var maximumRank = 8

  /// Whether symbolic links are followed from a checkpoint's folder to its files, as the cache of Hugging Face's tools
  /// has them. Else none leads out of it.
  public var followsLinks = false
  /// Whether those are followed that lead to `../../blobs` beside the folder's own, as the cache of Hugging Face's tools
  /// has them, and no others.
  public var followsLinksOfHubCache = false
  /// Bytes of a checkpoint's index.
  public var maximumIndexByteCount = 1 << 26
  /// Tensors of a checkpoint in shards, all together.
  public var maximumIndexTensorCount = 1 << 20
  /// Shards of a checkpoint.
  public var maximumShardCount = 4096
  /// Bytes of all headers of a checkpoint's shards.
  public var maximumShardHeaderByteCount = 1 << 29

  public init(storage: FileStorage = .mapped) { self.storage = storage }
}
