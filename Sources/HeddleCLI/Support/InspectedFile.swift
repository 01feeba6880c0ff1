import Heddle

/// What `inspect` lists: a model of Heddle's, or what another tool keeps in safetensors files.
enum InspectedFile {
  case model(ModelFile)
  case checkpoint(SafetensorsCheckpoint, isNoModel: ModelFolderError? = nil)

  /// A tensor, and the name of its shard where there are several files.
  struct Tensor {
    var tensor: ModelTensor
    var shard: String?
  }

  /// Opens a file of either format, an index of shards, or a folder: as a model if it is one, else the weights in it.
  ///
  /// - Throws: what ``ModelFile`` says of the file, unless it is of the kinds that only a checkpoint can be; then what
  ///   ``SafetensorsCheckpoint`` says.
  init(path: String, options: SafetensorsReadOptions) throws {
    var reason: ModelFolderError?
    do throws(ModelFileError) {
      self = .model(try ModelFile(path: path))
      return
    } catch {
      switch error {
      case .notAModel(_, .missingEntry), .file(.notARegularFile): break
      case .folder(let error): reason = error
      case .split:
        // A part can be listed without the others.
        self = .model(ModelFile(try GGUFFile(path: path)))
        return
      case .unknownFormat(_, let found) where SafetensorsIndex.begins(found): break
      default: throw error
      }
    }
    let checkpoint = try SafetensorsCheckpoint(path: path, options: options)
    if case .missingFile(_, [ModelFolderError.configName])? = reason { reason = nil }
    self = .checkpoint(checkpoint, isNoModel: reason)
    guard checkpoint.index == nil, let file = checkpoint.shards.first?.file else { return }
    do throws(ModelFileError) { self = .model(try ModelFile(file)) } catch {
      guard case .notAModel(_, .missingEntry) = error else { throw error }
    }
  }

  var path: String {
    switch self {
    case .model(let file): file.path
    case .checkpoint(let checkpoint, _): checkpoint.path
    }
  }

  /// Of all files together, but for an index.
  var fileByteCount: Int {
    switch self {
    case .model(let file): file.fileByteCount
    case .checkpoint(let checkpoint, _): checkpoint.fileByteCount
    }
  }

  /// - Throws: ``ModelFileError/notAModel(path:_:)`` if a file of Heddle's says something of its tensors that is not
  ///   so.
  func tensors() throws(ModelFileError) -> [Tensor] {
    switch self {
    case .model(let file): return file.tensors.map { Tensor(tensor: $0) }
    case .checkpoint(let checkpoint, _):
      var tensors: [Tensor] = []
      for shard in checkpoint.shards {
        let name = checkpoint.index == nil ? nil : shard.name
        tensors += try shard.file.modelTensors().map { Tensor(tensor: $0, shard: name) }
      }
      return tensors
    }
  }

  /// Layers whose weights another tool quantized, by the names that it has for them.
  var quantizedLayers: [QuantizedLayer] {
    switch self {
    case .model(let file): file.checkpoint?.quantizedLayers ?? []
    case .checkpoint(let checkpoint, _): checkpoint.quantizedLayers
    }
  }

  /// The shards of a checkpoint with an index; none of anything else.
  var shards: [SafetensorsCheckpoint.Shard] {
    guard case .checkpoint(let checkpoint, _) = self, checkpoint.index != nil else { return [] }
    return checkpoint.shards
  }

  /// What is odd, but no error; a line each.
  var notes: [String] {
    guard case .checkpoint(let checkpoint, let reason) = self else { return [] }
    var notes = reason.map { ["only the weights are listed, the folder cannot be run: \($0)"] } ?? []
    if let declared = checkpoint.index?.totalSize, declared != checkpoint.tensorByteCount {
      notes.append(
        "the index says that all tensors have \(declared) bytes, and they have \(checkpoint.tensorByteCount)")
    }
    return notes
  }
}
