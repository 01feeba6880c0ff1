/// How a GGUF file is opened, and how much of it is believed.
///
/// The limits bound what a damaged or hostile file can cost. No file in use comes near them; a tool that needs more
/// can raise them. Whatever they are, a count is also compared with the bytes that remain in the file.
public struct GGUFReadOptions: Hashable, Sendable {
  public var storage: FileStorage = .mapped

  /// Bytes of a file.
  public var maximumFileByteCount = 1 << 42
  /// Bytes of a file that is copied into memory.
  public var maximumCopyByteCount = 1 << 36
  /// Bytes before the first tensor's data: header, metadata and tensor list together.
  public var maximumHeaderByteCount = 1 << 28
  /// Bytes of one string value.
  public var maximumStringByteCount = 16 << 20
  /// Bytes of a metadata key (the specification's limit).
  public var maximumKeyByteCount = 65_535
  /// Bytes of a tensor name (the specification's limit).
  public var maximumTensorNameByteCount = 64
  /// Elements of an array value.
  public var maximumArrayCount = 1 << 24
  /// Metadata entries.
  public var maximumMetadataCount = 1 << 16
  /// Tensors.
  public var maximumTensorCount = 1 << 17
  /// Bytes of `general.alignment`.
  public var maximumAlignment = 1 << 20

  public init(storage: FileStorage = .mapped) { self.storage = storage }
}
