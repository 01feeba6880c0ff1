import HeddleText
import HeddleTypes

/// Makes safetensors files of any size: the header is known up front, the data come tensor by tensor.
///
/// ```swift
/// var writer = SafetensorsWriter()
/// try writer.set("format", "pt")
/// try writer.add("weight", .f32, shape: [2, 3])
/// try await writer.write(to: "model.safetensors") { tensor in try bytes(of: tensor.name) }
/// ```
///
/// Data lie by falling ``SafetensorsDtype/alignment``, else in the order of adding, as the reference implementation
/// wants them; so each is aligned to its values. The first begins at a multiple of 64 bytes: spaces fill the header.
public struct SafetensorsWriter: Sendable {
  private struct Entry: Sendable {
    var name: String
    var dtype: SafetensorsDtype
    var shape: [Int]
    var byteCount: Int
  }

  static let dataAlignment = 64

  private var metadata: [(key: String, value: String)] = []
  private var entries: [Entry] = []
  private var names: NameSet = []
  private var metadataKeys: NameSet = []
  private var dataByteCount = 0

  public init() {}

  /// Adds an entry of `__metadata__`.
  ///
  /// - Throws: ``SafetensorsError/cannotEncode(_:)`` if the key is taken.
  public mutating func set(_ key: String, _ value: String) throws(SafetensorsError) {
    guard metadataKeys.insert(key).inserted else { throw .cannotEncode(.json(.duplicateKey(key))) }
    metadata.append((key, value))
  }

  /// Adds a tensor; its bytes come when the file is written.
  ///
  /// - Parameter shape: row-major.
  /// - Throws: ``SafetensorsError/cannotEncode(_:)`` for a name that is taken or reserved, a shape of too many axes or
  ///   one whose size does not fit, or values that do not fill whole bytes.
  public mutating func add(_ name: String, _ dtype: SafetensorsDtype, shape: [Int]) throws(SafetensorsError) {
    guard name != SafetensorsHeader.metadataKey else { throw .cannotEncode(.reservedName(name)) }
    let limits = SafetensorsReadOptions()
    guard shape.count <= limits.maximumRank else {
      throw .cannotEncode(.invalidRank(tensor: name, rank: shape.count, limit: limits.maximumRank))
    }
    let byteCount: Int
    do { byteCount = try dtype.byteCount(tensor: name, shape: shape) } catch { throw .cannotEncode(error) }
    let (sum, overflow) = dataByteCount.addingReportingOverflow(byteCount)
    guard !overflow, sum <= limits.maximumFileByteCount else {
      throw .cannotEncode(.dataTooLarge(limit: limits.maximumFileByteCount))
    }
    guard entries.count < limits.maximumTensorCount else {
      throw .cannotEncode(.json(.limitExceeded(what: "tensors", limit: limits.maximumTensorCount)))
    }
    guard names.insert(name).inserted else { throw .cannotEncode(.json(.duplicateKey(name))) }
    dataByteCount = sum
    entries.append(Entry(name: name, dtype: dtype, shape: shape, byteCount: byteCount))
  }

  /// Writes the file. What `bytes` gives is written before the next tensor is asked for.
  ///
  /// - Parameters:
  ///   - path: see ``OutputFile`` for what becomes of what is there.
  ///   - bytes: the data of a tensor, as long as its type and shape need; called in the order of the file.
  /// - Throws: ``SafetensorsError``, `CancellationError`, and what `bytes` throws. There is no file then.
  public func write(
    to path: String, _ bytes: (SafetensorsTensor) async throws -> any ConstantProvider
  ) async throws {
    let layout = try layout(path)
    let file = try SafetensorsError.reading { () throws(FileError) in try OutputFile(path: path) }
    try await write(layout, to: file, bytes)
  }

  /// Writes a file that was opened before, and commits it.
  ///
  /// - Throws: as ``write(to:_:)-(String,_)`` does.
  public func write(
    to file: OutputFile, _ bytes: (SafetensorsTensor) async throws -> any ConstantProvider
  ) async throws {
    try await write(try layout(file.path), to: file, bytes)
  }

  // Traps: never (data-size-bounded).
  private func write(
    _ layout: (header: [UInt8], tensors: [SafetensorsTensor]), to file: OutputFile,
    _ bytes: (SafetensorsTensor) async throws -> any ConstantProvider
  ) async throws {
    try SafetensorsError.reading { () throws(FileError) in
      try file.reserve(byteCount: layout.header.count + dataByteCount)
      try file.append(layout.header)
    }
    for tensor in layout.tensors {
      try Task.checkCancellation()
      try Self.append(tensor, try await bytes(tensor), to: file)
    }
    try SafetensorsError.reading { () throws(FileError) in try file.commit() }
  }

  private static func append(
    _ tensor: SafetensorsTensor, _ provider: any ConstantProvider, to file: OutputFile
  ) throws(SafetensorsError) {
    let failure: SafetensorsError? = provider.withBytes { bytes in
      guard bytes.count == tensor.byteCount else {
        return .cannotEncode(
          .wrongByteCount(
            tensor: tensor.name, dtype: tensor.dtype, shape: tensor.shape, expected: tensor.byteCount,
            got: bytes.count))
      }
      do throws(FileError) { try file.append(bytes) } catch { return .file(error) }
      return nil
    }
    if let failure { throw failure }
  }

  // Traps: never (data-size-bounded).
  /// The bytes before the data, and the tensors in the order of their data.
  private func layout(_ path: String) throws(SafetensorsError) -> (header: [UInt8], tensors: [SafetensorsTensor]) {
    // Stable: among equals the order of adding decides.
    let order = entries.indices.sorted { (-entries[$0].dtype.alignment, $0) < (-entries[$1].dtype.alignment, $1) }
    var text = JSONText()
    var offset = 0
    text.object { text in
      if !metadata.isEmpty {
        text.key(SafetensorsHeader.metadataKey)
        text.object { text in
          for (key, value) in metadata {
            text.key(key)
            text.string(value)
          }
        }
      }
      for entry in order.map({ entries[$0] }) {
        text.key(entry.name)
        text.object { Self.describe(entry, at: offset, &$0) }
        offset += entry.byteCount
      }
    }
    let length = SafetensorsHeader.lengthByteCount
    let excess = (length + text.bytes.count) % Self.dataAlignment
    if excess > 0 { text.spaces(Self.dataAlignment - excess) }
    let limit = SafetensorsReadOptions().maximumHeaderByteCount
    guard text.bytes.count <= limit else {
      throw .headerTooLarge(path: path, byteCount: UInt64(text.bytes.count), limit: limit)
    }
    var header = ByteWriter()
    header.append(UInt64(text.bytes.count))
    header.append(bytes: text.bytes)
    offset = header.bytes.count
    var tensors: [SafetensorsTensor] = []
    for entry in order.map({ entries[$0] }) {
      tensors.append(
        SafetensorsTensor(
          name: entry.name, dtype: entry.dtype, shape: entry.shape, offset: offset, byteCount: entry.byteCount))
      offset += entry.byteCount
    }
    return (header.bytes, tensors)
  }

  // Traps: never (data-size-bounded).
  private static func describe(_ entry: Entry, at offset: Int, _ text: inout JSONText) {
    text.key("dtype")
    text.string(entry.dtype.rawValue)
    text.key("shape")
    text.array { for extent in entry.shape { $0.integer(extent) } }
    text.key("data_offsets")
    text.array {
      $0.integer(offset)
      $0.integer(offset + entry.byteCount)
    }
  }
}
