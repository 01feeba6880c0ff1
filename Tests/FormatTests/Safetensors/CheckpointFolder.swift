import Foundation

/// A folder of files that goes with its last user.
final class CheckpointFolder {
  let path: String

  /// - Parameter files: names and contents.
  init(_ files: [String: [UInt8]] = [:]) throws {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("heddle-checkpoint-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
    for (name, bytes) in files { try write(name, bytes) }
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { path + "/" + name }

  func write(_ name: String, _ bytes: [UInt8]) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: file(name)))
  }

  func link(_ name: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(atPath: file(name), withDestinationPath: target)
  }

  static let index = "model.safetensors.index.json"

  /// An index of `seed`.
  static let seedIndex =
    #"{"metadata": {"total_size": 30, "made": "by\thand", "ratio": 2.5e-1, "whole": true, "none": null},"# + "\n"
    + #" "weight_map": {"c": "s-2.safetensors", "a": "s-1.safetensors", "b": "s-1.safetensors"}}"# + "\n"

  /// Three tensors in two shards, with an index.
  static let seed: [String: [UInt8]] = [
    index: Array(seedIndex.utf8), "s-1.safetensors": shard("a", "b"), "s-2.safetensors": shard("c"),
  ]

  /// A file of the seed's tensors.
  static func shard(_ names: String...) -> [UInt8] {
    var (entries, offset): ([String], Int) = ([], 0)
    for name in names {
      let (dtype, shape, count) =
        name == "a" ? ("F32", "[2,3]", 24) : name == "b" ? ("BF16", "[2]", 4) : ("U8", "[2]", 2)
      entries.append(SafetensorsBytes.entry(name, dtype, shape, "[\(offset),\(offset + count)]"))
      offset += count
    }
    return SafetensorsBytes("{\(entries.joined(separator: ","))}", data: offset).bytes
  }
}
