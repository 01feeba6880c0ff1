import HeddleText
import HeddleTypes

/// The weights of a model as other tools keep them: one safetensors file, or several, the shards, with an index.
///
/// ```swift
/// let checkpoint = try SafetensorsCheckpoint(path: "SmolLM2-135M")      // a folder, an index, or a safetensors file
/// for (tensor, shard) in checkpoint.tensors { print(tensor, "in", shard.name) }
/// let bytes = try checkpoint.provider(for: "model.norm.weight")      // no copy
/// ```
///
/// Any bytes at all give a checkpoint or a ``SafetensorsError``. After opening, every tensor of the index is known to
/// be in the shard where the index places it and in no other, and no shard to have a tensor that is not in the index.
/// The pages of all shards are mapped.
public struct SafetensorsCheckpoint: Sendable {
  /// One of the files.
  public struct Shard: Sendable {
    /// The file's name in its folder.
    public let name: String
    public let file: SafetensorsFile
  }

  /// The path it was opened by.
  public let path: String
  /// Nothing if the checkpoint is one file without an index.
  public let index: SafetensorsIndex?
  /// In the order of their names.
  public let shards: [Shard]
  /// For each tensor its shard's place among ``shards``.
  private let places: NameTable<Int>

  /// The name of an index in a folder.
  public static let indexName = "model.safetensors.index.json"
  /// The name of a checkpoint in one file in a folder.
  public static let fileName = "model.safetensors"

  init(path: String, index: SafetensorsIndex?, shards: [Shard]) {
    self.path = path
    self.index = index
    self.shards = shards
    // Whoever opened the shards has seen to it that names differ.
    var places: NameTable<Int> = [:]
    for (place, shard) in shards.enumerated() {
      for tensor in shard.file.tensors { places[tensor.name] = place }
    }
    self.places = places
  }

  /// Every tensor with its shard, shard by shard, in the order of their data.
  public var tensors: [(tensor: SafetensorsTensor, shard: Shard)] {
    shards.flatMap { shard in shard.file.tensors.map { ($0, shard) } }
  }

  /// Bytes of the data of all tensors, which ``SafetensorsIndex/totalSize`` should be.
  public var tensorByteCount: Int {
    // Of files of which each fits 42 bits, and a few thousand at most.
    tensors.reduce(0) { $0 &+ $1.tensor.byteCount }
  }

  /// Bytes of all shards.
  public var fileByteCount: Int { shards.reduce(0) { $0 &+ $1.file.fileByteCount } }

  public func contains(_ name: String) -> Bool { places[name] != nil }

  /// The shard that has the tensor called `name`.
  ///
  /// - Throws: ``SafetensorsError/unknownTensor(path:name:)``.
  public func shard(of name: String) throws(SafetensorsError) -> Shard {
    guard let place = places[name], let shard = shards[at: place] else {
      throw .unknownTensor(path: path, name: name)
    }
    return shard
  }

  /// The tensor called `name`. Its offset is that in its shard.
  ///
  /// - Throws: ``SafetensorsError/unknownTensor(path:name:)``.
  public func info(_ name: String) throws(SafetensorsError) -> SafetensorsTensor { try shard(of: name).file.info(name) }

  /// The bytes of a tensor, without a copy. The provider keeps the mapping of its shard alive, not the checkpoint.
  ///
  /// - Throws: ``SafetensorsError/unknownTensor(path:name:)``.
  public func provider(for name: String) throws(SafetensorsError) -> any ConstantProvider {
    try shard(of: name).file.provider(for: name)
  }
}
