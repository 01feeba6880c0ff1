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
/// Bytes that it was given are held in memory until they are written; of tensors that only their types and shapes are known,
/// ``write(to:_:)-(OutputFile,_)`` asks for them one after the other. Tensors are aligned to `general.alignment` if that was set
/// (``GGUFValue/uint32(_:)``), else to 32 bytes.
public struct GGUFWriter: Sendable {
  struct Entry: Sendable {
    var name: String
    var type: GGUFTensorType
    var shape: [Int]
    var byteCount: Int
    /// Nil for bytes that come when the file is written.
    var bytes: [UInt8]?
  }

  private let limits = GGUFReadOptions()
  private var metadata = GGUFMetadata(path: "(new file)")
  private(set) var entries: [Entry] = []
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
    let expected = try checked(name, type, shape)
    guard bytes.count == expected else {
      throw .cannotEncode(.wrongByteCount(tensor: name, expected: expected, got: bytes.count))
    }
    try append(Entry(name: name, type: type, shape: shape, byteCount: expected, bytes: bytes))
  }

  /// Adds a tensor of any type, whose bytes come when the file is written.
  ///
  /// - Throws: ``GGUFError/cannotEncode(_:)``.
  public mutating func add(_ name: String, type: GGUFTensorType, shape: [Int]) throws(GGUFError) {
    try append(Entry(name: name, type: type, shape: shape, byteCount: try checked(name, type, shape)))
  }

  /// The bytes that a tensor needs.
  private func checked(_ name: String, _ type: GGUFTensorType, _ shape: [Int]) throws(GGUFError) -> Int {
    guard !name.isEmpty else { throw .cannotEncode(.emptyTensorName(tensor: entries.count)) }
    try check(name, "the name \(quoted(name))", limits.maximumTensorNameByteCount)
    do { return try type.byteCount(tensor: name, shape: shape) } catch { throw .cannotEncode(error) }
  }

  private mutating func append(_ entry: Entry) throws(GGUFError) {
    guard names.insert(entry.name).inserted else { throw .cannotEncode(.duplicateTensor(entry.name)) }
    entries.append(entry)
  }

  var alignment: Int {
    if case .uint32(let value) = metadata[GGUFParser.alignmentKey] { return Int(clamping: value) }
    return GGUFParser.defaultAlignment
  }

  /// What stands before the data, up to the first tensor.
  func header() -> ByteWriter {
    let alignment = alignment
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
      offset = (offset &+ entry.byteCount).roundedUp(toMultipleOf: alignment)
    }
    writer.pad(to: alignment)
    return writer
  }

  /// The file's bytes; zeros for what only comes when it is written.
  public func serialized() -> [UInt8] {
    var writer = header()
    for entry in entries {
      let zeros = entry.bytes == nil ? entry.byteCount : 0
      writer.append(bytes: entry.bytes ?? [UInt8](filled: 0, count: zeros))  // Traps: never (clamped-count).
      // Readers that count on whole units, as ggml does, want the last one filled too.
      writer.pad(to: alignment)
    }
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
