import HeddleText

extension SafetensorsCheckpoint {
  /// Opens a safetensors file, the index of a checkpoint in shards, or a folder with one of them in it, called
  /// ``fileName`` or ``indexName``. The first bytes decide whether a file is an index, not its name.
  ///
  /// Shards lie in the index's folder. Of what is opened beside the path itself, symbolic links are refused unless
  /// ``SafetensorsReadOptions/followsLinks`` is set.
  ///
  /// - Throws: ``SafetensorsError`` if a file cannot be read or is not sound, or the index and its shards do not agree.
  public init(path: String, options: SafetensorsReadOptions = .init()) throws(SafetensorsError) {
    guard FilePlace.isFolder(path) else {
      try self.init(path: path, SafetensorsInput(path, options), options)
      return
    }
    let folder = path.utf8.last == UInt8(ascii: "/") ? path : path + "/"
    let found = [Self.indexName, Self.fileName].map { folder + $0 }.filter { FilePlace.exists($0) }
    guard let file = found.first else { throw .noCheckpoint(folder: path) }
    guard found.count == 1 else { throw .severalCheckpoints(folder: path) }
    let opened = try SafetensorsInput(file, options, followsLinks: options.followsLinks)
    try self.init(path: path, opened, options)
  }

  private init(
    path: String, _ opened: SafetensorsInput, _ options: SafetensorsReadOptions
  ) throws(SafetensorsError) {
    let file = opened.input.path
    let folder = OutputPlace.folder(of: file)
    guard SafetensorsIndex.begins(opened.storage.bytes) else {
      let name = String(decoding: file.utf8.dropFirst(folder.utf8.count), as: UTF8.self)
      self.init(path: path, index: nil, shards: [Shard(name: name, file: try SafetensorsFile(opened, options))])
      return
    }
    let index = try SafetensorsIndex(opened.storage.bytes, path: file, options: options)
    try opened.requireUnchanged()
    let shards = try Self.open(index, at: file, in: folder, options)
    self.init(path: path, index: index, shards: shards)
  }

  /// Opens the shards one by one; each agrees with the index before the next is looked at.
  private static func open(
    _ index: SafetensorsIndex, at path: String, in folder: String, _ options: SafetensorsReadOptions
  ) throws(SafetensorsError) -> [Shard] {
    var shards: [Shard] = []
    var options = options
    var headerBytes = options.maximumShardHeaderByteCount
    for name in index.shards {
      options.maximumHeaderByteCount = min(options.maximumHeaderByteCount, headerBytes)
      let opened: SafetensorsInput
      do { opened = try SafetensorsInput(folder + name, options, followsLinks: options.followsLinks) } catch {
        guard case .file(.notFound) = error else { throw error }
        throw .malformedIndex(path: path, .missingShard(name))
      }
      let file = try SafetensorsFile(opened, options)
      headerBytes = headerBytes &- file.dataOffset
      if options.storage == .copied {
        options.maximumCopyByteCount = options.maximumCopyByteCount &- file.fileByteCount
      }
      for tensor in file.tensors {
        guard let mapped = index.weightMap[tensor.name] else {
          throw .malformedIndex(path: path, .unmappedTensor(tensor.name, shard: name))
        }
        guard mapped.hasSameBytes(as: name) else {
          throw .malformedIndex(path: path, .misplacedTensor(tensor.name, shard: name, mapped: mapped))
        }
      }
      shards.append(Shard(name: name, file: file))
    }
    // No shard has a tensor that is not placed in it, so as many as are placed are all of them.
    guard shards.reduce(0, { $0 &+ $1.file.tensors.count }) < index.weightMap.count else { return shards }
    throw .malformedIndex(path: path, missingTensor(index, shards))
  }

  /// The first tensor, in the order of names, that its shard does not have.
  private static func missingTensor(_ index: SafetensorsIndex, _ shards: [Shard]) -> SafetensorsIndexDefect {
    let files = NameTable(shards.map { ($0.name, $0.file) })
    let missing = index.weightMap.filter { files[$0.value]?.contains($0.key) != true }
    let first = missing.min { Name($0.key) < Name($1.key) }
    return .missingTensor(first?.key ?? "", shard: first?.value ?? "")
  }
}
