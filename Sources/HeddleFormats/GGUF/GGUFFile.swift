import HeddleText

/// An opened GGUF file: its metadata, its tensors and, while it lives, their bytes.
///
/// Any bytes at all give a file or a ``GGUFError``: counts, sizes and offsets are checked against the file before they
/// are used, so after opening every tensor is known to lie in the file, aligned and apart from the others.
///
/// ```swift
/// let file = try GGUFFile(path: "model.gguf")
/// for tensor in file.tensors { print(tensor) }
/// let weights = try file.constantStore()      // no copy: the store keeps the mapping alive
/// ```
///
/// Versions 2 and 3, little-endian. Source: ggml, `docs/gguf.md`.
public final class GGUFFile: Sendable {
  /// The path it was opened by, or the name given to bytes in memory.
  public let path: String
  public let version: UInt32
  public let metadata: GGUFMetadata
  /// In the file's order.
  public let tensors: [GGUFTensor]
  /// Tensor data begins at multiples of this many bytes, from ``dataOffset``.
  public let alignment: Int
  /// Where the data section begins, in bytes from the beginning. Beyond the end if the file has no data.
  public let dataOffset: Int
  public let fileByteCount: Int
  let storage: ByteStorage
  private let positions: NameTable<Int>

  /// Opens a file.
  ///
  /// - Throws: ``GGUFError`` if it cannot be read, is not a regular file, or is not a sound GGUF file.
  public convenience init(path: String, options: GGUFReadOptions = .init()) throws(GGUFError) {
    let opened = try GGUFError.reading { () throws(FileError) in
      try InputFile.opening(
        path, options.storage, limit: options.maximumFileByteCount, copyLimit: options.maximumCopyByteCount)
    }
    try self.init(storage: opened.storage, path: path, options: options)
    try GGUFError.reading { () throws(FileError) in try opened.input.requireUnchanged() }
  }

  /// Reads a file that is in memory. The bytes are copied once.
  ///
  /// - Parameter name: stands for the path in errors.
  public convenience init(
    bytes: [UInt8], name: String = "(bytes in memory)", options: GGUFReadOptions = .init()
  ) throws(GGUFError) {
    let storage = try GGUFError.reading { () throws(FileError) in try ByteStorage(copying: bytes, path: name) }
    try self.init(storage: storage, path: name, options: options)
  }

  /// Reads a file whose pages somebody has opened.
  init(storage: ByteStorage, path: String, options: GGUFReadOptions) throws(GGUFError) {
    var parser = GGUFParser(storage.bytes, path: path, options: options)
    let contents = try parser.parse()
    self.path = path
    self.storage = storage
    fileByteCount = storage.bytes.count
    version = contents.version
    metadata = contents.metadata
    tensors = contents.tensors
    alignment = contents.alignment
    dataOffset = contents.dataOffset
    positions = contents.positions
  }

  /// `general.architecture`: the model family, such as `llama`.
  public var architecture: String {
    get throws(GGUFError) { try metadata.string("general.architecture") }
  }

  public func contains(_ name: String) -> Bool { positions[name] != nil }

  /// The tensor called `name`.
  ///
  /// - Throws: ``GGUFError/unknownTensor(path:name:)``.
  public func info(_ name: String) throws(GGUFError) -> GGUFTensor {
    guard let position = positions[name], let tensor = tensors[at: position] else {
      throw .unknownTensor(path: path, name: name)
    }
    return tensor
  }
}
