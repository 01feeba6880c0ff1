import HeddleText
import HeddleTypes

/// Writes a model file anew, as safetensors or as GGUF, its tensors as they are or in other encodings.
///
/// ```swift
/// var conversion = ModelConversion(of: try ModelFile(path: "model.gguf"))
/// try conversion.replace("blk.0.ffn_up.weight", with: encoding) { stored in try encoded(stored) }
/// try await conversion.write(to: "model.safetensors") { print("\($0.done) of \($0.total)") }
/// ```
///
/// The header needs every size before the first byte of data, so a replacement's encoding is told at once; its bytes
/// are asked for when its turn has come, and let go before the next tensor's. The file's layout is that of
/// <doc:ModelFiles>, which ``ModelFile`` reads.
public struct ModelConversion: Sendable {
  /// What is written.
  public enum Format: String, Hashable, Sendable, CaseIterable {
    case safetensors
    /// Of version 3. A tensor of a type that Heddle cannot compute with stays as it is, a sparse one cannot be written.
    case gguf

    /// The format that a file's name says by its ending; nil if it says none.
    package init?(ofFileCalled name: String) {
      let name = name.lowercased()
      guard let format = Self.allCases.first(where: { name.hasSuffix(".\($0.rawValue)") }) else { return nil }
      self = format
    }
  }

  /// Makes a tensor's new bytes from the stored ones, as many as its new encoding needs for its shape.
  public typealias Production = @Sendable (_ stored: any ConstantProvider) async throws -> any ConstantProvider

  /// How far writing has come.
  public struct Progress: Hashable, Sendable {
    /// The tensor that is next.
    public let tensor: String
    /// Tensors written before it.
    public let done: Int
    public let total: Int
  }

  private struct Replacement: Sendable {
    var encoding: Encoding
    var shape: [Int]
    var production: Production
  }

  public let file: ModelFile
  private var replacements: NameTable<Replacement> = [:]
  private var metadata: GGUFMetadata

  public init(of file: ModelFile) {
    self.file = file
    metadata = file.metadata
  }

  /// The first tensor that GGUF has no type for; nil if there is none.
  public static func firstWithoutGGUFType(of file: ModelFile) -> String? {
    file.tensors.first { $0.encoding.map { GGUFTensorType($0) == nil } ?? false }?.name
  }

  /// Sets a metadata entry; one that the file has keeps its place.
  public mutating func set(_ key: String, _ value: GGUFValue) { metadata.set(key, value) }

  /// Leaves out a metadata entry, if the file has it.
  public mutating func remove(_ key: String) { metadata.remove(key) }

  /// Stores a tensor in another encoding, or with other values in its own. The last word counts.
  ///
  /// - Parameter shape: nil for the tensor's own.
  /// - Throws: ``ModelFileError/unknownTensor(path:name:)``, ``ModelFileError/notStorable(path:tensor:_:)`` if the shape
  ///   does not fit the encoding.
  public mutating func replace(
    _ name: String, with encoding: Encoding, shape: [Int]? = nil, _ production: @escaping Production
  ) throws(ModelFileError) {
    let info = try file.info(name)
    let shape = shape ?? info.shape
    do { _ = try encoding.byteCount(shape: shape) } catch {
      throw .notStorable(path: file.path, tensor: name, error)
    }
    replacements[name] = Replacement(encoding: encoding, shape: shape, production: production)
  }

  /// Writes the file.
  ///
  /// - Parameters:
  ///   - path: see ``OutputFile`` for what becomes of what is there. It may be that of the file it is made from.
  ///   - progress: called before each tensor.
  /// - Throws: ``ModelFileError/unsupportedType(path:tensor:type:)`` for a tensor that Heddle cannot compute with and that
  ///   is not replaced, ``ModelFileError/gguf(_:)`` for a part of a split model and for text that is no UTF-8 and more than
  ///   a description, ``ModelFileError/notFinite(path:tensor:_:index:)``, ``ModelFileError/notStorable(path:tensor:_:)``,
  ///   ``SafetensorsError``, `CancellationError`, and what the replacements throw. There is no new file then.
  public func write(to path: String, progress: (Progress) -> Void = { _ in }) async throws {
    var done = 0
    try await writer().write(to: path) { tensor in try await bytes(of: tensor.name, &done, progress) }
  }

  /// Writes a file that was opened before, and commits it.
  ///
  /// - Throws: as ``write(to:progress:)-(String,_)`` does.
  public func write(
    to file: OutputFile, as format: Format = .safetensors, progress: (Progress) -> Void = { _ in }
  ) async throws {
    var done = 0
    switch format {
    case .safetensors:
      try await writer().write(to: file) { tensor in try await bytes(of: tensor.name, &done, progress) }
    case .gguf:
      try await ggufWriter().write(to: file) { name in
        try ordered(try await bytes(of: name, &done, progress), name)
      }
    }
  }

  /// Whether rows that turn are in another order than GGUF files have them.
  private var turnsHalves: Bool { RotaryPairing.isHalves(in: metadata) }

  /// The bytes of a tensor with its rows in the order of GGUF files.
  private func ordered(_ bytes: any ConstantProvider, _ name: String) throws -> any ConstantProvider {
    let shape = try replacements[name]?.shape ?? file.info(name).shape
    guard turnsHalves, let order = try RotaryPairing.order(of: name, shape: shape, in: metadata) else { return bytes }
    return MadeBytes(byteCount: bytes.byteCount) { bytes.withBytes { order.applied(to: $0) } }
  }

  private func bytes(
    of name: String, _ done: inout Int, _ progress: (Progress) -> Void
  ) async throws -> any ConstantProvider {
    progress(Progress(tensor: name, done: done, total: file.tensors.count))
    done &+= 1
    let stored = try file.provider(for: name)
    guard let replacement = replacements[name] else { return stored }
    let made = try await replacement.production(stored)
    try require(made, name, replacement)
    return made
  }

  /// Whoever encodes may have no word for what is no number, or a scale that does not fit.
  private func require(
    _ made: any ConstantProvider, _ name: String, _ replacement: Replacement
  ) throws(ModelFileError) {
    let (encoding, shape) = (replacement.encoding, replacement.shape)
    let found = made.withBytes { bytes in
      Result { () throws(TypeError) in try encoding.firstNotFinite(bytes, shape: shape) }
    }
    let place: Int?
    do { place = try found.get() } catch {
      // The writer has its own word for a wrong count.
      if case .wrongByteCount = error { return }
      throw .notStorable(path: file.path, tensor: name, error)
    }
    guard let place else { return }
    throw .notFinite(path: file.path, tensor: name, encoding, index: Encoding.coordinates(of: place, in: shape))
  }

  private func requireMetadata() throws(ModelFileError) {
    do {
      try metadata.requireWhole()
      try metadata.requireText()
    } catch { throw .gguf(error) }
  }

  private func ggufWriter() throws -> GGUFWriter {
    try requireMetadata()
    var writer = GGUFWriter()
    for key in metadata.keys where !(turnsHalves && key.hasSameBytes(as: RotaryPairing.key)) {
      if let value = metadata[key] { try writer.set(key, value) }
    }
    for info in file.tensors {
      let replacement = replacements[info.name]
      let encoding = replacement?.encoding ?? info.encoding
      guard let type = encoding.map({ GGUFTensorType($0) }) ?? GGUFTensorType(name: info.typeName) else {
        throw GGUFError.cannotEncode(
          .noTensorType(tensor: info.name, encoding: encoding?.name ?? info.typeName))
      }
      try writer.add(info.name, type: type, shape: replacement?.shape ?? info.shape)
    }
    return writer
  }

  private func writer() throws -> SafetensorsWriter {
    try requireMetadata()
    var writer = try SafetensorsWriter(
      storing: file.tensors.map { info in
        let replacement = replacements[info.name]
        let encoding = try replacement?.encoding ?? file.encoding(of: info.name)
        return (info.name, encoding, replacement?.shape ?? info.shape)
      })
    try writer.set(SafetensorsModel.metadataKey, metadata.json)
    return writer
  }
}
