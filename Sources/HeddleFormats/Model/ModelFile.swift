import HeddleText
import HeddleTypes

/// A model file of any format that Heddle reads: metadata, tensors and, while it lives, their bytes.
///
/// ```swift
/// let file = try ModelFile(path: "model.safetensors")      // or a GGUF file: the first bytes decide
/// let layers = try file.metadata.integer("llama.block_count")
/// let weights = try file.constantStore(names: ["output_norm.weight"])      // no copy
/// ```
///
/// The metadata are those of GGUF, whatever the format. <doc:ModelFiles> says which safetensors
/// files are models.
public struct ModelFile: Sendable {
  public enum Format: Hashable, Sendable {
    case gguf(version: UInt32, alignment: Int)
    /// Heddle's conventions in a safetensors file.
    case safetensors
  }

  /// The path it was opened by, or the name given to bytes in memory.
  public let path: String
  public let format: Format
  public let fileByteCount: Int
  public let metadata: GGUFMetadata
  /// In the file's order.
  public let tensors: [ModelTensor]
  private let storage: ByteStorage
  private let positions: NameTable<Int>

  /// Opens a file. Its first bytes, not its name, decide how it is read.
  ///
  /// - Throws: ``ModelFileError`` if it cannot be read, is of neither format, or is not sound.
  public init(path: String, storage: FileStorage = .mapped) throws(ModelFileError) {
    let limits = GGUFReadOptions()
    let opened: (input: InputFile, storage: ByteStorage)
    do {
      opened = try InputFile.opening(
        path, storage, limit: limits.maximumFileByteCount, copyLimit: limits.maximumCopyByteCount)
    } catch { throw .file(error) }
    try self.init(storage: opened.storage, path: path)
    do { try opened.input.requireUnchanged() } catch { throw .file(error) }
  }

  /// Reads a file that is in memory. The bytes are copied once.
  ///
  /// - Parameter name: stands for the path in errors.
  public init(bytes: [UInt8], name: String = "(bytes in memory)") throws(ModelFileError) {
    let storage: ByteStorage
    do { storage = try ByteStorage(copying: bytes, path: name) } catch { throw .file(error) }
    try self.init(storage: storage, path: name)
  }

  private init(storage: ByteStorage, path: String) throws(ModelFileError) {
    switch storage.bytes {
    case let bytes where Self.isGGUF(bytes):
      do { self.init(try GGUFFile(storage: storage, path: path, options: .init())) } catch { throw .gguf(error) }
    case let bytes where bytes[at: SafetensorsHeader.lengthByteCount] == UInt8(ascii: "{"):
      let file: SafetensorsFile
      do { file = try SafetensorsFile(storage: storage, path: path, options: .init()) } catch {
        throw .safetensors(error)
      }
      try self.init(file)
    default: throw .unknownFormat(path: path, found: Array(storage.bytes.prefix(16)))
    }
  }

  /// `GGUF`, also cut short or backwards, of which the parser has more to say.
  private static func isGGUF(_ bytes: UnsafeRawBufferPointer) -> Bool {
    let magic = Array("GGUF".utf8)
    let found = bytes.prefix(magic.count)
    return magic.starts(with: found) || found.elementsEqual(magic.reversed())
  }

  public init(_ file: GGUFFile) {
    self.init(
      path: file.path, format: .gguf(version: file.version, alignment: file.alignment), metadata: file.metadata,
      tensors: file.tensors.map {
        ModelTensor(
          name: $0.name, typeName: $0.type.name, encoding: $0.type.encoding, shape: $0.shape, offset: $0.offset,
          byteCount: $0.byteCount)
      }, storage: file.storage)
  }

  /// - Throws: ``ModelFileError/notAModel(path:_:)``.
  public init(_ file: SafetensorsFile) throws(ModelFileError) {
    let model: SafetensorsModel
    do { model = try SafetensorsModel(file) } catch { throw .notAModel(path: file.path, error) }
    self.init(
      path: file.path, format: .safetensors, metadata: model.metadata, tensors: model.tensors, storage: file.storage)
  }

  private init(
    path: String, format: Format, metadata: GGUFMetadata, tensors: [ModelTensor], storage: ByteStorage
  ) {
    self.path = path
    self.format = format
    self.metadata = metadata
    self.tensors = tensors
    self.storage = storage
    fileByteCount = storage.bytes.count
    // The formats' readers have seen to it that names differ.
    var positions: NameTable<Int> = [:]
    positions.makeRoom(forAll: tensors)
    for (position, tensor) in tensors.enumerated() { positions[tensor.name] = position }
    self.positions = positions
  }

  /// Whether the file has a tensor called `name`.
  public func contains(_ name: String) -> Bool { positions[name] != nil }

  /// The tensor called `name`.
  ///
  /// - Throws: ``ModelFileError/unknownTensor(path:name:)``.
  public func info(_ name: String) throws(ModelFileError) -> ModelTensor {
    guard let position = positions[name], let tensor = tensors[at: position] else {
      throw .unknownTensor(path: path, name: name)
    }
    return tensor
  }

  /// The bytes of a tensor of any type, without a copy. The provider keeps the mapping alive, not the file.
  ///
  /// - Throws: ``ModelFileError/unknownTensor(path:name:)``.
  public func provider(for name: String) throws(ModelFileError) -> any ConstantProvider {
    let info = try info(name)
    return FileBytes(storage: storage, offset: info.offset, byteCount: info.byteCount)
  }
}

extension ModelFile.Format: CustomStringConvertible {
  public var description: String {
    switch self {
    case .gguf(let version, _): "GGUF version \(version)"
    case .safetensors: "safetensors"
    }
  }
}
