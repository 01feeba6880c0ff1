import HeddleText

/// What is wrong with the index of a checkpoint in shards, or with what it says of them.
public enum SafetensorsIndexDefect: Error, Hashable, Sendable {
  /// `offset` is in bytes from the beginning of the index.
  case json(JSONDefect, offset: Int)
  /// A shard is not named by a plain file name that ends in `.safetensors`: without a folder, so beside the index.
  case shardName(String, tensor: String)
  /// A shard is not in the index's folder.
  case missingShard(String)
  /// The index places a tensor in a shard that does not have it.
  case missingTensor(String, shard: String)
  /// A shard has a tensor of which the index says nothing.
  case unmappedTensor(String, shard: String)
  /// A shard has a tensor that the index places in another shard.
  case misplacedTensor(String, shard: String, mapped: String)
}

extension SafetensorsIndexDefect: CustomStringConvertible {
  public var description: String { Printable.text(message) }

  private var message: String {
    switch self {
    case .json(let defect, let offset): "\(defect) (at offset \(offset))"
    case .shardName(let shard, let tensor):
      "tensor \(quoted(tensor)) is placed in \(quoted(shard)), which is not the name of a .safetensors file "
        + "beside the index"
    case .missingShard(let shard):
      "the shard \(quoted(shard)) is not there; it must lie beside the index (an unfinished download?)"
    case .missingTensor(let tensor, let shard):
      "tensor \(quoted(tensor)) is placed in the shard \(quoted(shard)), which does not have it"
    case .unmappedTensor(let tensor, let shard):
      "the shard \(quoted(shard)) has a tensor \(quoted(tensor)), of which the index says nothing"
    case .misplacedTensor(let tensor, let shard, let mapped):
      "the shard \(quoted(shard)) has a tensor \(quoted(tensor)), which the index places in \(quoted(mapped))"
    }
  }
}

extension SafetensorsIndexDefect: HeddleError {
  public var kind: ErrorKind { .invalidFile }
}
