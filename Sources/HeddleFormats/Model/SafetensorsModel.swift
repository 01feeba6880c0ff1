import HeddleText
import HeddleTypes

/// How Heddle keeps a model in a safetensors file, so that the file is sound for every reader of the format.
///
/// A tensor in f32, f16, bf16 or i32 has the dtype F32, F16, BF16 or I32 and its own shape. A tensor in any other
/// encoding is U8 with one axis: the bytes of ``Encoding/byteCount(shape:)``, little-endian. `__metadata__` has
///
/// | key | value |
/// |---|---|
/// | `heddle.version` | `1` |
/// | `heddle.encodings` | JSON: for each U8 tensor `"name":{"encoding":"q4_1","shape":[rows,columns]}` |
/// | `heddle.metadata` | JSON: the entries of ``GGUFMetadata`` in order, `"key":{"uint32":30}` |
///
/// An entry's value is an object of one member, named by ``GGUFValue/typeName``. Integers, booleans and strings are
/// JSON's; a float is a string of its bits, 8 or 16 hexadecimal digits, so that every NaN survives; an array is an
/// array of those. Other keys are ignored, and so is what another version of the key would mean: it is an error.
struct SafetensorsModel {
  static let versionKey = "heddle.version"
  static let encodingsKey = "heddle.encodings"
  static let metadataKey = "heddle.metadata"
  static let version = "1"

  let metadata: GGUFMetadata
  /// In the order of their data.
  let tensors: [ModelTensor]

  init(_ file: SafetensorsFile) throws(SafetensorsModelDefect) {
    tensors = try Self.tensors(of: file)
    metadata = try Self.parse(Self.metadataKey, file) { scanner throws(JSONError) in
      try GGUFMetadata(&scanner, path: file.path)
    }
  }

  /// Every tensor of a file that Heddle wrote, be it a model or not, in the order of their data.
  static func tensors(of file: SafetensorsFile) throws(SafetensorsModelDefect) -> [ModelTensor] {
    guard let version = file.metadata[versionKey] else { throw .missingEntry(versionKey) }
    guard version == Self.version else { throw .unsupportedVersion(version) }
    var described = try parse(encodingsKey, file) { scanner throws(JSONError) in try encodings(&scanner) }
    var tensors: [ModelTensor] = []
    for tensor in file.tensors {
      if let description = described.removeValue(forKey: tensor.name) {
        tensors.append(try description.tensor(tensor))
      } else if tensor.dtype.encoding != nil {
        tensors.append(ModelTensor(tensor))
      } else {
        throw .undescribedTensor(tensor.name, tensor.dtype)
      }
    }
    if let absent = described.names.min() { throw .absentTensor(absent) }
    return tensors
  }

  /// An entry of `heddle.encodings`, with names as the file has them.
  struct Description: Hashable {
    var encoding: String
    var shape: [Int]

    /// The tensor it describes.
    func tensor(_ stored: SafetensorsTensor) throws(SafetensorsModelDefect) -> ModelTensor {
      let name = stored.name
      guard let known = Encoding(name: encoding) else { throw .unknownEncoding(tensor: name, encoding) }
      guard SafetensorsDtype(known) == nil else { throw .nativeEncoding(tensor: name, known) }
      guard stored.dtype == .u8, stored.shape.count == 1 else {
        throw .notBytes(tensor: name, stored.dtype, shape: stored.shape)
      }
      let expected: Int
      do { expected = try known.byteCount(shape: shape) } catch { throw .invalidShape(tensor: name, error) }
      guard stored.byteCount == expected else {
        throw .wrongByteCount(
          tensor: name, TensorSummary(known, shape), expected: expected, got: stored.byteCount)
      }
      return ModelTensor(stored, known.name, known, shape)
    }
  }

  private static func encodings(_ scanner: inout JSONScanner) throws(JSONError) -> NameTable<Description> {
    var encodings: NameTable<Description> = [:]
    var members = JSONScanner.Members()
    let limit = SafetensorsReadOptions().maximumTensorCount
    while let (name, position) = try scanner.nextKey(&members) {
      guard encodings.count < limit else {
        throw scanner.error(.limitExceeded(what: "tensors", limit: limit), at: position)
      }
      var (encoding, shape): (String?, [Int]?)
      var fields = JSONScanner.Members()
      while let (field, start) = try scanner.nextKey(&fields) {
        switch field {
        case "encoding": encoding = try scanner.string()
        case "shape": shape = try SafetensorsFields.extents(&scanner)
        default: throw scanner.error(.unknownField(field, of: name), at: start)
        }
      }
      guard let encoding else { throw scanner.error(.missingField("encoding", of: name), at: position) }
      guard let shape else { throw scanner.error(.missingField("shape", of: name), at: position) }
      encodings[name] = Description(encoding: encoding, shape: shape)
    }
    return encodings
  }

  private static func parse<Value>(
    _ key: String, _ file: SafetensorsFile, _ body: (inout JSONScanner) throws(JSONError) -> Value
  ) throws(SafetensorsModelDefect) -> Value {
    guard var text = file.metadata[key] else { throw .missingEntry(key) }
    let result = text.withUTF8 { bytes in
      Result { () throws(JSONError) in
        var scanner = JSONScanner(UnsafeRawBufferPointer(bytes))
        let value = try body(&scanner)
        try scanner.end()
        return value
      }
    }
    do { return try result.get() } catch {
      throw .malformedEntry(key, offset: error.offset, error.defect)
    }
  }
}

extension ModelTensor {
  /// A tensor by its dtype alone.
  init(_ stored: SafetensorsTensor) {
    self.init(stored, stored.dtype.rawValue, stored.dtype.encoding, stored.shape)
  }

  fileprivate init(_ stored: SafetensorsTensor, _ typeName: String, _ encoding: Encoding?, _ shape: [Int]) {
    self.init(
      name: stored.name, typeName: typeName, encoding: encoding, shape: shape, offset: stored.offset,
      byteCount: stored.byteCount)
  }
}
