import HeddleText
import HeddleTypes

/// An opened safetensors file: its metadata, its tensors and, while it lives, their bytes.
///
/// Any bytes at all give a file or a ``SafetensorsError``: after opening, every tensor is known to lie in the file, apart
/// from the others, and every byte of the data to belong to one.
///
/// ```swift
/// let file = try SafetensorsFile(path: "model.safetensors")
/// for tensor in file.tensors { print(tensor) }
/// ```
///
/// What Heddle writes into such files beyond the format is in <doc:ModelFiles>; ``ModelFile`` opens those.
public final class SafetensorsFile: Sendable {
  /// The path it was opened by, or the name given to bytes in memory.
  public let path: String
  /// The entries of `__metadata__`.
  public let metadata: NameTable<String>
  /// In the order of their data.
  public let tensors: [SafetensorsTensor]
  /// Where the data begins, in bytes from the beginning.
  public let dataOffset: Int
  public let fileByteCount: Int
  let storage: ByteStorage
  private let positions: NameTable<Int>

  /// Opens a file.
  ///
  /// - Throws: ``SafetensorsError`` if it cannot be read, is not a regular file, or is not a sound safetensors file.
  public convenience init(path: String, options: SafetensorsReadOptions = .init()) throws(SafetensorsError) {
    try self.init(SafetensorsInput(path, options), options)
  }

  /// Reads a file that somebody has opened.
  convenience init(_ opened: SafetensorsInput, _ options: SafetensorsReadOptions) throws(SafetensorsError) {
    try self.init(storage: opened.storage, path: opened.input.path, options: options)
    try opened.requireUnchanged()
  }

  /// Reads a file that is in memory. The bytes are copied once.
  ///
  /// - Parameter name: stands for the path in errors.
  public convenience init(
    bytes: [UInt8], name: String = "(bytes in memory)", options: SafetensorsReadOptions = .init()
  ) throws(SafetensorsError) {
    let storage = try SafetensorsError.reading { () throws(FileError) in try ByteStorage(copying: bytes, path: name) }
    try self.init(storage: storage, path: name, options: options)
  }

  /// Reads a file whose pages somebody has opened.
  init(storage: ByteStorage, path: String, options: SafetensorsReadOptions) throws(SafetensorsError) {
    let header = try SafetensorsHeader(storage.bytes, path: path, options: options)
    self.path = path
    self.storage = storage
    fileByteCount = storage.bytes.count
    metadata = header.metadata
    tensors = header.tensors
    dataOffset = header.dataOffset
    positions = header.positions
  }

  public func contains(_ name: String) -> Bool { positions[name] != nil }

  /// The tensor called `name`.
  ///
  /// - Throws: ``SafetensorsError/unknownTensor(path:name:)``.
  public func info(_ name: String) throws(SafetensorsError) -> SafetensorsTensor {
    guard let position = positions[name], let tensor = tensors[at: position] else {
      throw .unknownTensor(path: path, name: name)
    }
    return tensor
  }

  /// The bytes of a tensor, without a copy. The provider keeps the mapping alive, not the file.
  ///
  /// - Throws: ``SafetensorsError/unknownTensor(path:name:)``.
  public func provider(for name: String) throws(SafetensorsError) -> any ConstantProvider {
    let info = try info(name)
    return FileBytes(storage: storage, offset: info.offset, byteCount: info.byteCount)
  }
}
