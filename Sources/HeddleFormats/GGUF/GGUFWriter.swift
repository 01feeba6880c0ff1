import HeddleText
import HeddleTypes

/// Makes GGUF files of version 3, for tools and tests.
///
/// ```swift
/// var writer = GGUFWriter()
/// try writer.set("general.architecture", .string("llama"))
/// try writer.add("token_embd.weight", tensor)
/// try writer.write(to: "model.gguf")
/// ```
///
/// Everything is held in memory until it is written. Tensors are aligned to `general.alignment` if that was set
/// (``GGUFValue/uint32(_:)``), else to 32 bytes.
public struct GGUFWriter: Sendable {
  private struct Entry: Sendable {
    var name: String
    var type: GGUFTensorType
    var shape: [Int]
    var bytes: [UInt8]
  }

  private let limits = GGUFReadOptions()
  private var metadata = GGUFMetadata(path: "(new file)")
  private var entries: [Entry] = []
  private var names: NameSet = []

  public init() {}

  /// Adds a metadata entry, after those there are.
  ///
  /// - Throws: ``GGUFError/cannotEncode(_:)`` for a key that is taken or not allowed, or a wrong `general.alignment`.
  public mutating func set(_ key: String, _ value: GGUFValue) throws(GGUFError) {
    guard !key.isEmpty else { throw .cannotEncode(.emptyKey(entry: metadata.count)) }
    try check(key, "the key \(quoted(key))", limits.maximumKeyByteCount)
    if key == GGUFParser.alignmentKey {
      guard case .uint32(let alignment) = value else {
        throw .wrongType(path: "(new file)", key: key, expected: "uint32", got: value.typeName)
      }
      guard GGUFParser.checkedAlignment(alignment, limit: limits.maximumAlignment) != nil else {
        throw .cannotEncode(.invalidAlignment(alignment))
      }
    }
    guard metadata.append(key, value) else { throw .cannotEncode(.duplicateKey(key)) }
  }

  /// Adds a tensor of a type Heddle has.
  public mutating func add(_ name: String, _ tensor: Tensor) throws(GGUFError) {
    guard let type = GGUFTensorType(tensor.encoding) else {
      throw .cannotEncode(.noTensorType(tensor: name, encoding: tensor.encoding.name))
    }
    try add(name, type: type, shape: tensor.shape, bytes: tensor.bytes)
  }

  /// Adds a tensor of any type.
  ///
  /// - Parameters:
  ///   - shape: row-major; the last axis a multiple of the type's block size.
  ///   - bytes: the data as the file is to have it.
  /// - Throws: ``GGUFError/cannotEncode(_:)``.
  public mutating func add(
    _ name: String, type: GGUFTensorType, shape: [Int], bytes: [UInt8]
  ) throws(GGUFError) {
    guard !name.isEmpty else { throw .cannotEncode(.emptyTensorName(tensor: entries.count)) }
    try check(name, "the name \(quoted(name))", limits.maximumTensorNameByteCount)
    let expected: Int
    do { expected = try type.byteCount(tensor: name, shape: shape) } catch { throw .cannotEncode(error) }
    guard bytes.count == expected else {
      throw .cannotEncode(.wrongByteCount(tensor: name, expected: expected, got: bytes.count))
    }
    guard names.insert(name).inserted else { throw .cannotEncode(.duplicateTensor(name)) }
    entries.append(Entry(name: name, type: type, shape: shape, bytes: bytes))
  }

  /// The file's bytes.
  public func serialized() -> [UInt8] {
    var alignment = GGUFParser.defaultAlignment
    if case .uint32(let value) = metadata[GGUFParser.alignmentKey] { alignment = Int(clamping: value) }
    var writer = ByteWriter()
    writer.append(bytes: Array("GGUF".utf8))
    writer.append(UInt32(3))
    writer.append(UInt64(clamping: entries.count))
    writer.append(UInt64(clamping: metadata.count))
    for key in metadata.keys {
      guard let value = metadata[key] else { continue }
      writer.append(string: key)
      writer.append(value.type.rawValue)
      writer.append(value)
    }
    var offset = 0
    for entry in entries {
      writer.append(string: entry.name)
      writer.append(UInt32(clamping: entry.shape.count))
      for extent in entry.shape.reversed() { writer.append(UInt64(clamping: extent)) }
      writer.append(entry.type.number)
      writer.append(UInt64(clamping: offset))
      offset = (offset &+ entry.bytes.count).roundedUp(toMultipleOf: alignment)
    }
    for entry in entries {
      writer.pad(to: alignment)
      writer.append(bytes: entry.bytes)
    }
    // Readers that count on whole units, as ggml does, want the last one filled too.
    writer.pad(to: alignment)
    return writer.bytes
  }

  /// Writes the file; see ``OutputFile`` for what becomes of what is at `path`.
  ///
  /// - Throws: ``GGUFError/file(_:)``.
  public func write(to path: String) throws(GGUFError) {
    try GGUFError.reading { () throws(FileError) in try OutputFile.replace(path, with: serialized()) }
  }

  private func check(_ name: String, _ what: String, _ limit: Int) throws(GGUFError) {
    guard !name.utf8.contains(0) else { throw .cannotEncode(.nulInName(name)) }
    let count = name.utf8.count
    guard count <= limit else {
      throw .cannotEncode(.limitExceeded(what: "bytes of \(what)", count: UInt64(clamping: count), limit: limit))
    }
  }
}
