import HeddleText

/// Reads the part of a GGUF file before the data, and checks it against the size of the whole.
///
/// ```text
/// header    'GGUF'  u32 version  u64 tensors  u64 entries
/// entry     string key  u32 type  value             an array is  u32 type  u64 count  value…
/// tensor    string name  u32 rank  u64 extent…  u32 type  u64 offset
/// padding   to general.alignment (32)
/// data      tensors at multiples of the alignment, offsets counted from here
/// ```
///
/// Everything is little-endian; a string is `u64 length` and UTF-8. Versions 2 and 3 are alike (3 allowed big-endian
/// files). Source: ggml, `docs/gguf.md`.
struct GGUFParser {
  /// What the parser found.
  struct Contents {
    var version: UInt32
    var metadata: GGUFMetadata
    var alignment: Int
    var dataOffset: Int
    var tensors: [GGUFTensor]
    var positions: NameTable<Int>
  }

  let path: String
  let options: GGUFReadOptions
  let fileByteCount: Int
  var reader: ByteReader
  /// What is wrong with the text of the metadata entry that is being read, if it is no UTF-8.
  var textDefect: GGUFError?

  init(_ bytes: UnsafeRawBufferPointer, path: String, options: GGUFReadOptions) {
    self.path = path
    self.options = options
    fileByteCount = bytes.count
    reader = ByteReader(UnsafeRawBufferPointer(rebasing: bytes.part(from: 0, to: options.maximumHeaderByteCount)))
  }

  mutating func parse() throws(GGUFError) -> Contents {
    let version = try parseVersion()
    let tensorOffset = reader.offset
    let tensorCount = try read(UInt64.self, "the number of tensors")
    let entryOffset = reader.offset
    let entryCount = try read(UInt64.self, "the number of metadata entries")
    let tensors = try checked(tensorCount, "tensors", options.maximumTensorCount, at: tensorOffset)
    let entries = try checked(entryCount, "metadata entries", options.maximumMetadataCount, at: entryOffset)
    // The least a tensor takes is: name length, rank, type, offset; an entry: key length, type, one byte of value.
    try require(tensors, of: 24, "the list of \(tensors) tensors")
    try require(entries, of: 13, "the \(entries) metadata entries")

    let metadata = try parseMetadata(count: entries)
    let alignment = try parseAlignment(metadata)
    let list = try parseTensorList(count: tensors)
    let dataOffset = reader.offset.roundedUp(toMultipleOf: alignment)
    let placed = try place(list, alignment: alignment, dataOffset: dataOffset)
    return Contents(
      version: version, metadata: metadata, alignment: alignment, dataOffset: dataOffset, tensors: placed.tensors,
      positions: placed.positions)
  }

  private mutating func parseVersion() throws(GGUFError) -> UInt32 {
    let expected = Array("GGUF".utf8)
    var found: [UInt8] = []
    while found.count < 4, reader.remaining > 0 { found.append(try read(UInt8.self, "the magic")) }
    if found == expected.reversed() { throw .bigEndian(path: path, version: nil) }
    guard expected.starts(with: found) else { throw .notGGUF(path: path, found: found) }
    guard found.count == 4 else {
      throw truncation(.init(offset: 0, needed: 4, remaining: found.count), "the magic")
    }
    let version = try read(UInt32.self, "the version")
    switch version {
    case 2, 3: return version
    case _ where version & 0xffff == 0 && version != 0: throw .bigEndian(path: path, version: version.byteSwapped)
    default: throw .unsupportedVersion(path: path, version: version)
    }
  }

  // MARK: Reading with the file's name in the errors

  mutating func read<Value: FixedWidthInteger & BitwiseCopyable>(
    _ type: Value.Type, _ what: @autoclosure () -> String
  ) throws(GGUFError) -> Value {
    do { return try reader.read(type) } catch { throw truncation(error, what()) }
  }

  /// A length and as many bytes of UTF-8.
  mutating func readString(limit: Int, _ what: @autoclosure () -> String) throws(GGUFError) -> String {
    let start = reader.offset
    let (text, isValid) = try readText(limit: limit, what())
    guard isValid else { throw defect(.invalidUTF8(what: what()), at: start) }
    return text
  }

  /// A length and as many bytes, and whether they are UTF-8; what is not becomes U+FFFD.
  mutating func readText(
    limit: Int, _ what: @autoclosure () -> String
  ) throws(GGUFError) -> (text: String, isValid: Bool) {
    let start = reader.offset
    let length = try read(UInt64.self, what())
    guard let count = Int(exactly: length), count <= limit else {
      throw defect(.limitExceeded(what: "bytes of \(what())", count: length, limit: limit), at: start)
    }
    do { return try reader.readUTF8(count) } catch { throw truncation(error, what()) }
  }

  func checked(
    _ count: UInt64, _ what: @autoclosure () -> String, _ limit: Int, at offset: Int
  ) throws(GGUFError) -> Int {
    guard let result = Int(exactly: count), result <= limit else {
      throw defect(.limitExceeded(what: what(), count: count, limit: limit), at: offset)
    }
    return result
  }

  func require(_ count: Int, of size: Int, _ what: @autoclosure () -> String) throws(GGUFError) {
    do { try reader.require(count, of: size) } catch { throw truncation(error, what()) }
  }

  func defect(_ defect: GGUFDefect, at offset: Int) -> GGUFError {
    .malformed(path: path, offset: offset, defect)
  }

  /// A shortage is the file's end, or that of the part of the file that may be header.
  func truncation(_ shortage: ByteReader.Shortage, _ what: String) -> GGUFError {
    let (end, overflow) = shortage.offset.addingReportingOverflow(shortage.needed)
    if !overflow, end <= fileByteCount {
      let limit = options.maximumHeaderByteCount
      return defect(
        .limitExceeded(what: "bytes of header", count: UInt64(clamping: end), limit: limit), at: shortage.offset)
    }
    return .truncated(
      path: path, offset: shortage.offset, reading: what, needed: shortage.needed,
      remaining: fileByteCount &- shortage.offset)
  }
}
