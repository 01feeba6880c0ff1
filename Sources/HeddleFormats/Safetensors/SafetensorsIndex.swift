import HeddleText

/// The index of a checkpoint in shards: which of its safetensors files has which tensor.
///
/// ```text
/// {"metadata": {"total_size": 988097824}, "weight_map": {"model.norm.weight": "model-00002-of-00002.safetensors", …}}
/// ```
///
/// Source: what `save_pretrained` of Hugging Face's transformers and `save_torch_state_dict` of huggingface_hub write.
/// Other members are refused, values of `metadata` that are objects or arrays too, and names of shards that could lead
/// out of the index's folder. `metadata` may be left out, or be null.
public struct SafetensorsIndex: Hashable, Sendable {
  /// The entries of `metadata`.
  public let metadata: NameTable<SafetensorsIndexValue>
  /// For each tensor the file name of its shard.
  public let weightMap: NameTable<String>

  /// `total_size`, if there is one and it is an integer: bytes of all tensors.
  ///
  /// It need not be so: some tools leave it as it was when they leave out or rewrite tensors. So nothing depends on it;
  /// ``SafetensorsCheckpoint/tensorByteCount`` is counted.
  public var totalSize: Int? {
    guard case .integer(let size)? = metadata["total_size"] else { return nil }
    return size
  }

  /// The file names of all shards, in the order of their bytes.
  public var shards: [String] { NameSet(weightMap.values).map { Name($0) }.sorted().map(\.text) }

  /// Whether bytes that begin a file begin a JSON object, and so no safetensors file, of which one of the first eight
  /// is zero.
  package static func begins<Bytes: Collection>(_ bytes: Bytes) -> Bool
  where Bytes.Element == UInt8, Bytes.Index == Int {
    let isSpace: Set<UInt8> = [0x20, 0x09, 0x0a, 0x0d]
    return !bytes.part(from: 0, to: SafetensorsHeader.lengthByteCount).contains(0)
      && bytes.first { !isSpace.contains($0) } == UInt8(ascii: "{")
  }

  init(_ bytes: UnsafeRawBufferPointer, path: String, options: SafetensorsReadOptions) throws(SafetensorsError) {
    guard bytes.count <= options.maximumIndexByteCount else {
      throw .file(.tooLarge(path: path, byteCount: bytes.count, limit: options.maximumIndexByteCount))
    }
    var (metadata, map): (NameTable<SafetensorsIndexValue>, NameTable<String>?) = ([:], nil)
    var failure: SafetensorsIndexDefect?
    do throws(JSONError) {
      var scanner = JSONScanner(bytes)
      var members = JSONScanner.Members()
      while let (member, start) = try scanner.nextKey(&members) {
        switch member {
        case "metadata": metadata = try Self.metadata(&scanner, limit: options.maximumMetadataCount)
        case "weight_map":
          let placed = try Self.weightMap(&scanner, options)
          (map, failure) = (placed.map, failure ?? placed.failure)
        default: throw scanner.error(.unknownField(member, of: "the index"), at: start)
        }
      }
      scanner.skipWhitespace()
      try scanner.end()
      if map == nil { throw scanner.error(.missingField("weight_map", of: "the index"), at: 0) }
    } catch { throw .malformedIndex(path: path, .json(error.defect, offset: error.offset)) }
    if let failure { throw .malformedIndex(path: path, failure) }
    self.metadata = metadata
    weightMap = map ?? [:]
  }

  private static func metadata(
    _ scanner: inout JSONScanner, limit: Int
  ) throws(JSONError) -> NameTable<SafetensorsIndexValue> {
    var metadata: NameTable<SafetensorsIndexValue> = [:]
    if scanner.peek == UInt8(ascii: "n") {
      try scanner.null()
      return metadata
    }
    var members = JSONScanner.Members()
    while let (key, position) = try scanner.nextKey(&members) {
      guard metadata.count < limit else {
        throw scanner.error(.limitExceeded(what: "metadata entries", limit: limit), at: position)
      }
      metadata[key] = try SafetensorsIndexValue(&scanner)
    }
    return metadata
  }

  /// The map, and what is wrong with the first name of a shard that cannot be one.
  private static func weightMap(
    _ scanner: inout JSONScanner, _ options: SafetensorsReadOptions
  ) throws(JSONError) -> (map: NameTable<String>, failure: SafetensorsIndexDefect?) {
    var map: NameTable<String> = [:]
    var failure: SafetensorsIndexDefect?
    // A name that thousands of tensors share is held once.
    var shards: NameTable<String> = [:]
    var members = JSONScanner.Members()
    while let (tensor, position) = try scanner.nextKey(&members) {
      guard map.count < options.maximumIndexTensorCount else {
        throw scanner.error(.limitExceeded(what: "tensors", limit: options.maximumIndexTensorCount), at: position)
      }
      let name = try scanner.string()
      if let known = shards[name] {
        map[tensor] = known
        continue
      }
      guard shards.count < options.maximumShardCount else {
        throw scanner.error(.limitExceeded(what: "shards", limit: options.maximumShardCount), at: position)
      }
      if !isFileName(name) { failure = failure ?? .shardName(name, tensor: tensor) }
      shards[name] = name
      map[tensor] = name
    }
    return (map, failure)
  }

  /// Whether a file of this name lies in the folder it is looked for in, on any system.
  private static func isFileName(_ name: String) -> Bool {
    !name.utf8.contains { $0 == 0 || #"/\:"#.utf8.contains($0) }
      && name.utf8.count > suffix.utf8.count && name.utf8.suffix(suffix.utf8.count).elementsEqual(suffix.utf8)
  }

  private static let suffix = ".safetensors"
}
