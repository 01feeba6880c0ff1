import HeddleText
import HeddleTypes

/// A model of any format that Heddle reads: metadata, tensors and, while it lives, their bytes.
///
/// ```swift
/// let file = try ModelFile(path: "model.safetensors")      // or a GGUF file: the first bytes decide; or a folder
/// let layers = try file.metadata.integer("llama.block_count")
/// let weights = try file.constantStore(names: ["output_norm.weight"])      // no copy
/// ```
///
/// The metadata are those of GGUF, whatever the format, and so are the tensors' names. <doc:ModelFiles> says which
/// safetensors files and which folders are models.
public struct ModelFile: Sendable {
  public enum Format: Hashable, Sendable {
    /// One file, or several that are parts of one model.
    case gguf(version: UInt32, alignment: Int)
    /// Heddle's conventions in a safetensors file.
    case safetensors
    /// A folder as a model hub lays it out, read as a GGUF file of the same model.
    case folder
  }

  /// The path it was opened by, or the name given to bytes in memory.
  public let path: String
  public let format: Format
  /// Bytes of all files with tensors in them.
  public let fileByteCount: Int
  /// The files with tensors in them.
  package let filePaths: [String]
  /// The weights of a folder as they lie there; nil of anything else.
  package private(set) var checkpoint: SafetensorsCheckpoint?
  public let metadata: GGUFMetadata
  /// In the file's order.
  public let tensors: [ModelTensor]
  /// Who has the bytes of each tensor.
  private let providers: [any ConstantProvider]
  private let positions: NameTable<Int>

  /// Opens a file, all files of a split one, or a folder. A file's first bytes, not its name, decide how it is read.
  ///
  /// - Throws: ``ModelFileError`` if it cannot be read, is of no format, or is not sound.
  public init(path: String, storage: FileStorage = .mapped) throws(ModelFileError) {
    if FilePlace.isFolder(path) {
      do { self.init(try ModelFolder(path: path, storage: storage)) } catch { throw .folder(error) }
      return
    }
    let limits = GGUFReadOptions()
    let opened: (input: InputFile, storage: ByteStorage)
    do {
      opened = try InputFile.opening(
        path, storage, limit: limits.maximumFileByteCount, copyLimit: limits.maximumCopyByteCount)
    } catch { throw .file(error) }
    try self.init(storage: opened.storage, path: path, opening: storage)
    do { try opened.input.requireUnchanged() } catch { throw .file(error) }
  }

  /// Reads a file that is in memory. The bytes are copied once.
  ///
  /// - Parameter name: stands for the path in errors.
  public init(bytes: [UInt8], name: String = "(bytes in memory)") throws(ModelFileError) {
    let storage: ByteStorage
    do { storage = try ByteStorage(copying: bytes, path: name) } catch { throw .file(error) }
    try self.init(storage: storage, path: name, opening: nil)
  }

  /// - Parameter others: how the other files of a split model are opened; nil where there are none to be found.
  private init(
    storage: ByteStorage, path: String, opening others: FileStorage?
  ) throws(ModelFileError) {
    switch storage.bytes {
    case let bytes where Self.isGGUF(bytes):
      let file: GGUFFile
      let count: Int
      do {
        file = try GGUFFile(storage: storage, path: path, options: .init())
        count = others == nil ? 1 : try SplitFile.count(of: file)
      } catch { throw .gguf(error) }
      guard let others, count > 1 else {
        self.init(file)
        return
      }
      try self.init(SplitFile(beside: file, storage: others), path: path, file)
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

  /// A file alone, be it a part of a model.
  public init(_ file: GGUFFile) {
    self.init(
      path: file.path, format: .gguf(version: file.version, alignment: file.alignment), filePaths: [file.path],
      fileByteCount: file.fileByteCount, metadata: file.metadata, parts: file.parts)
  }

  private init(_ split: SplitFile, path: String, _ opened: GGUFFile) throws(ModelFileError) {
    self.init(
      path: path, format: .gguf(version: opened.version, alignment: opened.alignment),
      filePaths: split.files.map(\.path), fileByteCount: split.files.reduce(0) { $0 &+ $1.fileByteCount },
      metadata: try split.metadata(),
      parts: try split.parts())
  }

  /// - Throws: ``ModelFileError/notAModel(path:_:)``.
  public init(_ file: SafetensorsFile) throws(ModelFileError) {
    let model: SafetensorsModel
    do { model = try SafetensorsModel(file) } catch { throw .notAModel(path: file.path, error) }
    self.init(
      path: file.path, format: .safetensors, filePaths: [file.path], fileByteCount: file.fileByteCount,
      metadata: model.metadata,
      parts: model.tensors.map { ModelPart($0, in: file.storage) })
  }

  init(_ folder: ModelFolder) {
    self.init(
      path: folder.path, format: .folder, filePaths: folder.checkpoint.shards.map(\.file.path),
      fileByteCount: folder.checkpoint.fileByteCount, metadata: folder.metadata, parts: folder.parts)
    checkpoint = folder.checkpoint
  }

  /// - Parameter parts: of names that differ.
  private init(
    path: String, format: Format, filePaths: [String], fileByteCount: Int, metadata: GGUFMetadata, parts: [ModelPart]
  ) {
    self.path = path
    self.format = format
    self.filePaths = filePaths
    self.metadata = metadata
    self.fileByteCount = fileByteCount
    tensors = parts.map(\.tensor)
    providers = parts.map(\.provider)
    var positions: NameTable<Int> = [:]
    positions.makeRoom(forAll: parts)
    for (position, part) in parts.enumerated() { positions[part.tensor.name] = position }
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

  /// The bytes of a tensor of any type, without a copy where they lie in a file. The provider keeps the mapping alive,
  /// not the file. What a folder has in another order is made when its bytes are first asked for, and goes with the provider.
  ///
  /// - Throws: ``ModelFileError/unknownTensor(path:name:)``.
  public func provider(for name: String) throws(ModelFileError) -> any ConstantProvider {
    guard let position = positions[name], let provider = providers[at: position] else {
      throw .unknownTensor(path: path, name: name)
    }
    return (provider as? MadeBytes)?.fresh() ?? provider
  }
}

extension ModelFile.Format: CustomStringConvertible {
  public var description: String {
    switch self {
    case .gguf(let version, _): "GGUF version \(version)"
    case .safetensors: "safetensors"
    case .folder: "model folder"
    }
  }
}
