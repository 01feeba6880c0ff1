import HeddleText
import HeddleTypes

// Both forms of llama.cpp: GGUF, and the older one of its own (`.dat`).
extension ImportanceMatrix {
  static let typeKey = "general.type"
  static let type = "imatrix"
  static let datasetsKey = "imatrix.datasets"
  static let chunkCountKey = "imatrix.chunk_count"
  static let chunkSizeKey = "imatrix.chunk_size"
  static let sumsSuffix = ".in_sum2"
  static let countsSuffix = ".counts"

  /// Reads a file. Its first bytes, not its name, decide how.
  ///
  /// - Throws: ``ImportanceError``.
  public init(path: String) throws(ImportanceError) {
    let limits = GGUFReadOptions()
    let opened: (input: InputFile, storage: ByteStorage)
    do {
      opened = try InputFile.opening(
        path, .mapped, limit: limits.maximumFileByteCount, copyLimit: limits.maximumCopyByteCount)
    } catch { throw .file(error) }
    try self.init(storage: opened.storage, path: path)
    do { try opened.input.requireUnchanged() } catch { throw .file(error) }
  }

  /// Reads a file that is in memory.
  ///
  /// - Parameter name: stands for the path in errors.
  public init(bytes: [UInt8], name: String = "(bytes in memory)") throws(ImportanceError) {
    let storage: ByteStorage
    do { storage = try ByteStorage(copying: bytes, path: name) } catch { throw .file(error) }
    try self.init(storage: storage, path: name)
  }

  private init(storage: ByteStorage, path: String) throws(ImportanceError) {
    guard storage.bytes.prefix(4).elementsEqual(Array("GGUF".utf8)) else {
      self.init()
      try readOlder(storage.bytes, path)
      guard !entries.isEmpty else { throw .noEntries }
      return
    }
    let file: GGUFFile
    do { file = try GGUFFile(storage: storage, path: path, options: .init()) } catch { throw .gguf(error) }
    do {
      guard try file.metadata.string(Self.typeKey, default: "") == Self.type else {
        throw ImportanceError.notImportance(path: path)
      }
      self.init(
        datasets: try file.metadata.strings(Self.datasetsKey, default: []),
        chunkCount: try file.metadata.integer(Self.chunkCountKey, in: 0...Int(Int32.max), default: 0),
        chunkSize: try file.metadata.integer(Self.chunkSizeKey, in: 0...Int(Int32.max), default: 0))
    } catch let error as GGUFError {
      throw .gguf(error)
    } catch {
      throw .notImportance(path: path)
    }
    try read(file)
    guard !entries.isEmpty else { throw .noEntries }
  }

  private mutating func read(_ file: GGUFFile) throws(ImportanceError) {
    func floats(_ name: String, of entry: String) throws(ImportanceError) -> [Float] {
      guard file.contains(name) else { throw .incomplete(entry: entry) }
      let tensor: Tensor
      do { tensor = try file.tensor(named: name) } catch { throw .gguf(error) }
      do { return try tensor.floats() } catch { throw .incomplete(entry: entry) }
    }
    for tensor in file.tensors {
      if tensor.name.hasSuffix(Self.sumsSuffix) {
        let name = String(tensor.name.dropLast(Self.sumsSuffix.count))
        try add(
          name,
          Entry(sums: try floats(tensor.name, of: name), counts: try floats(name + Self.countsSuffix, of: name)))
      } else if tensor.name.hasSuffix(Self.countsSuffix) {
        let name = String(tensor.name.dropLast(Self.countsSuffix.count))
        guard file.contains(name + Self.sumsSuffix) else { throw .incomplete(entry: name) }
      } else {
        throw .incomplete(entry: tensor.name)
      }
    }
  }

  /// `i32 entries; { i32 length; name; i32 calls; i32 values; f32 values[] }…`, then `i32 chunks; i32 length; dataset` or
  /// nothing. A value is the mean of squares times the calls.
  private mutating func readOlder(_ bytes: UnsafeRawBufferPointer, _ path: String) throws(ImportanceError) {
    var reader = ByteReader(bytes)
    do {
      let count = try reader.read(Int32.self)
      // Of a file of another kind the first four bytes are hardly a count that fits.
      guard count > 0, Int(count) <= reader.remaining / 16 else { throw ImportanceError.notImportance(path: path) }
      for _ in 0..<count {
        let name = try name(&reader, path)
        let calls = try reader.read(Int32.self)
        let valueCount = try self.count(&reader, path)
        let values = try reader.read(valueCount, UInt32.self) { Float(bitPattern: $0) }
        try add(name, Entry(sums: values, counts: [Float(calls)]))
      }
      guard reader.remaining > 0 else { return }
      chunkCount = max(0, Int(try reader.read(Int32.self)))
      datasets = [try name(&reader, path)]
    } catch let error as ImportanceError {
      throw error
    } catch {
      throw .truncated(path: path, offset: reader.offset)
    }
  }

  private func count(_ reader: inout ByteReader, _ path: String) throws -> Int {
    let offset = reader.offset
    let count = Int(try reader.read(Int32.self))
    guard count > 0 else { throw ImportanceError.invalidCount(path: path, offset: offset, count) }
    return count
  }

  private func name(_ reader: inout ByteReader, _ path: String) throws -> String {
    let offset = reader.offset
    let (text, isValid) = try reader.readUTF8(try count(&reader, path))
    guard isValid else { throw ImportanceError.invalidName(path: path, offset: offset) }
    return text
  }
}
