import HeddleText

/// Reads the header of a safetensors file, and checks it against the size of the whole.
///
/// ```text
/// length    u64, little-endian: bytes of the header
/// header    {"__metadata__":{key:string…}, name:{"dtype":string,"shape":[integer…],"data_offsets":[begin,end]}…}
///           then spaces
/// data      tensors one after the other, without holes, to the end of the file; offsets counted from here
/// ```
///
/// Source: the format's specification in huggingface/safetensors, `README.md`, and where it is silent the reference
/// implementation. Stricter than that: fields that are not the three are refused, and so is data that does not begin at
/// a multiple of its type's bytes.
struct SafetensorsHeader {
  static let metadataKey = "__metadata__"
  static let lengthByteCount = 8

  /// The entries of `__metadata__`.
  private(set) var metadata: NameTable<String> = [:]
  /// In the order of their data.
  private(set) var tensors: [SafetensorsTensor] = []
  private(set) var positions: NameTable<Int> = [:]
  /// Where the data begins, in bytes from the beginning.
  let dataOffset: Int

  init(_ bytes: UnsafeRawBufferPointer, path: String, options: SafetensorsReadOptions) throws(SafetensorsError) {
    var reader = ByteReader(bytes)
    func truncation(_ shortage: ByteReader.Shortage, _ reading: String) -> SafetensorsError {
      .truncated(
        path: path, offset: shortage.offset, reading: reading, needed: shortage.needed, remaining: shortage.remaining)
    }
    let length: UInt64
    do { length = try reader.read() } catch { throw truncation(error, "the header's length") }
    guard let count = Int(exactly: length), count <= options.maximumHeaderByteCount else {
      throw .headerTooLarge(path: path, byteCount: length, limit: options.maximumHeaderByteCount)
    }
    let text: UnsafeRawBufferPointer
    do { text = try reader.take(count) } catch { throw truncation(error, "the header") }
    dataOffset = reader.offset
    do {
      let declarations = try parse(text, options)
      try place(declarations, dataByteCount: reader.remaining)
    } catch {
      throw .malformed(path: path, offset: Self.lengthByteCount &+ error.offset, error.defect)
    }
  }

  /// A defect and where it begins, in bytes from the beginning of the header's text.
  private struct Failure: Error {
    var offset: Int
    var defect: SafetensorsDefect
  }

  /// A tensor as the header describes it.
  private struct Declaration {
    var name: String
    var dtype: SafetensorsDtype
    var shape: [Int]
    var byteCount: Int
    var begin: Int
    /// Where the description stands, for messages.
    var position: Int

    var end: Int { begin &+ byteCount }
  }

  private mutating func parse(
    _ text: UnsafeRawBufferPointer, _ options: SafetensorsReadOptions
  ) throws(Failure) -> [Declaration] {
    guard text.first == UInt8(ascii: "{") else { throw Failure(offset: 0, defect: .notAnObject(found: text.first)) }
    var scanner = JSONScanner(text)
    var members = JSONScanner.Members()
    var declarations: [Declaration] = []
    while let (name, position) = try Self.json({ () throws(JSONError) in try scanner.nextKey(&members) }) {
      if name == Self.metadataKey {
        metadata = try Self.json { () throws(JSONError) in
          try Self.parseMetadata(&scanner, limit: options.maximumMetadataCount)
        }
        continue
      }
      guard declarations.count < options.maximumTensorCount else {
        throw Failure(
          offset: position, defect: .json(.limitExceeded(what: "tensors", limit: options.maximumTensorCount)))
      }
      let fields = try Self.json { () throws(JSONError) in try SafetensorsFields(&scanner, tensor: name, at: position) }
      do {
        let (dtype, begin, byteCount) = try fields.checked(tensor: name, maximumRank: options.maximumRank)
        declarations.append(
          Declaration(
            name: name, dtype: dtype, shape: fields.shape, byteCount: byteCount, begin: begin, position: position))
      } catch { throw Failure(offset: position, defect: error) }
    }
    try Self.json { () throws(JSONError) in try scanner.end() }
    return declarations
  }

  private static func parseMetadata(_ scanner: inout JSONScanner, limit: Int) throws(JSONError) -> NameTable<String> {
    var metadata: NameTable<String> = [:]
    var members = JSONScanner.Members()
    while let (key, position) = try scanner.nextKey(&members) {
      guard metadata.count < limit else {
        throw scanner.error(.limitExceeded(what: "metadata entries", limit: limit), at: position)
      }
      metadata[key] = try scanner.string()
    }
    return metadata
  }

  /// Gives every tensor its place in the file, and every byte of the data its tensor.
  private mutating func place(_ declarations: [Declaration], dataByteCount: Int) throws(Failure) {
    tensors.reserveCapacity(declarations.count)
    var covered = 0
    for item in declarations.sorted(by: { ($0.begin, $0.end) < ($1.begin, $1.end) }) {
      var defect: SafetensorsDefect?
      if item.begin < covered {
        defect = .overlappingTensors(tensors.last?.name ?? "", item.name)
      } else if item.end > dataByteCount {
        defect = .tensorOutsideFile(tensor: item.name, end: item.end, dataByteCount: dataByteCount)
      } else if item.begin > covered {
        defect = .hole(before: item.name, begin: covered, end: item.begin)
      } else if !item.begin.isMultiple(of: item.dtype.alignment) {
        defect = .unalignedOffset(tensor: item.name, offset: item.begin, alignment: item.dtype.alignment)
      }
      if let defect { throw Failure(offset: item.position, defect: defect) }
      covered = item.end
      positions[item.name] = tensors.count
      tensors.append(
        SafetensorsTensor(
          name: item.name, dtype: item.dtype, shape: item.shape, offset: dataOffset &+ item.begin,
          byteCount: item.byteCount))
    }
    guard covered == dataByteCount else {
      throw Failure(
        offset: dataOffset &- Self.lengthByteCount &+ covered, defect: .trailingBytes(dataByteCount &- covered))
    }
  }

  private static func json<Result>(_ body: () throws(JSONError) -> Result) throws(Failure) -> Result {
    do { return try body() } catch { throw Failure(offset: error.offset, defect: .json(error.defect)) }
  }
}
