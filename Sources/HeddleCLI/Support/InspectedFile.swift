import Heddle

/// What `inspect` lists: a model of Heddle's, or what another tool keeps in safetensors files.
enum InspectedFile {
  case model(ModelFile)
  case checkpoint(SafetensorsCheckpoint)

  /// A tensor, and the name of its shard where there are several files.
  struct Tensor {
    var tensor: ModelTensor
    var shard: String?
  }

  /// Opens a file of either format, an index of shards, or a folder with one of them.
  ///
  /// - Throws: what ``ModelFile`` says of the file, unless it is of the kinds that only a checkpoint can be; then what
  ///   ``SafetensorsCheckpoint`` says.
  init(path: String, options: SafetensorsReadOptions) throws {
    do throws(ModelFileError) {
      self = .model(try ModelFile(path: path))
      return
    } catch {
      switch error {
      case .notAModel(_, .missingEntry), .file(.notARegularFile): break
      case .unknownFormat(_, let found) where SafetensorsIndex.begins(found): break
      default: throw error
      }
    }
    let checkpoint = try SafetensorsCheckpoint(path: path, options: options)
    self = .checkpoint(checkpoint)
    guard checkpoint.index == nil, let file = checkpoint.shards.first?.file else { return }
    do throws(ModelFileError) { self = .model(try ModelFile(file)) } catch {
      guard case .notAModel(_, .missingEntry) = error else { throw error }
    }
  }

  var path: String {
    switch self {
    case .model(let file): file.path
    case .checkpoint(let checkpoint): checkpoint.path
    }
  }

  /// Of all files together, but for an index.
  var fileByteCount: Int {
    switch self {
    case .model(let file): file.fileByteCount
    case .checkpoint(let checkpoint): checkpoint.fileByteCount
    }
  }

  /// - Throws: ``ModelFileError/notAModel(path:_:)`` if a file of Heddle's says something of its tensors that is not
  ///   so.
  func tensors() throws(ModelFileError) -> [Tensor] {
    switch self {
    case .model(let file): return file.tensors.map { Tensor(tensor: $0) }
    case .checkpoint(let checkpoint):
      var tensors: [Tensor] = []
      for shard in checkpoint.shards {
        let name = checkpoint.index == nil ? nil : shard.name
        tensors += try shard.file.modelTensors().map { Tensor(tensor: $0, shard: name) }
      }
      return tensors
    }
  }

  /// Layers whose weights another tool quantized.
  var quantizedLayers: [QuantizedLayer] {
    guard case .checkpoint(let checkpoint) = self else { return [] }
    return checkpoint.quantizedLayers
  }

  /// The shards of a checkpoint with an index; none of anything else.
  var shards: [SafetensorsCheckpoint.Shard] {
    guard case .checkpoint(let checkpoint) = self, checkpoint.index != nil else { return [] }
    return checkpoint.shards
  }

  /// What is odd, but no error; a line each.
  var notes: [String] {
    guard case .checkpoint(let checkpoint) = self, let declared = checkpoint.index?.totalSize,
      declared != checkpoint.tensorByteCount
    else { return [] }
    return ["the index says that all tensors have \(declared) bytes, and they have \(checkpoint.tensorByteCount)"]
  }
}
