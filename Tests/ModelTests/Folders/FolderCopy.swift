import Foundation
import Heddle

/// A copy of a fixture's folder that a test may change; it goes with its last user.
final class FolderCopy {
  let path: String
  /// What links of the folder lead to.
  private var targets: [String] = []

  init(_ family: String) throws {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("heddle-folder-\(UUID().uuidString)")
    try FileManager.default.copyItem(at: FolderFixture.url(family), to: url)
    path = url.path
  }

  deinit {
    for path in targets + [path] { try? FileManager.default.removeItem(atPath: path) }
  }

  func file(_ name: String) -> String { path + "/" + name }

  func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: file(name)) }

  func write(_ name: String, _ text: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: file(name)))
  }

  /// Moves a file out of the folder and leaves a link to it.
  func link(_ name: String) throws {
    let target = path + "-" + name
    try FileManager.default.moveItem(atPath: file(name), toPath: target)
    targets.append(target)
    try FileManager.default.createSymbolicLink(atPath: file(name), withDestinationPath: target)
  }

  func edit(_ name: String, _ change: (inout [String: Any]) -> Void) throws {
    let url = URL(fileURLWithPath: file(name))
    var object = try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any] ?? [:]
    change(&object)
    try JSONSerialization.data(withJSONObject: object).write(to: url)
  }

  /// A change of `config.json`.
  func configure(_ key: String, _ value: Any?) throws { try edit("config.json") { $0[key] = value } }

  /// Writes the weights anew, in one file: those that `change` leaves, under the names and types that it gives them.
  func rewrite(
    _ change: (_ name: String, _ dtype: SafetensorsDtype) -> [(name: String, dtype: SafetensorsDtype)]
  ) async throws {
    let checkpoint = try SafetensorsCheckpoint(path: path)
    var writer = SafetensorsWriter()
    var sources: [String: any ConstantProvider] = [:]
    for (tensor, shard) in checkpoint.tensors {
      for (name, dtype) in change(tensor.name, tensor.dtype) {
        try writer.add(name, dtype, shape: tensor.shape)
        sources[name] = try shard.file.provider(for: tensor.name)
      }
    }
    for name in try FileManager.default.contentsOfDirectory(atPath: path) where name.hasPrefix("model") {
      try remove(name)
    }
    try await writer.write(to: file("model.safetensors")) { tensor in
      guard let source = sources[tensor.name] else { throw CocoaError(.fileReadUnknown) }
      return source
    }
  }

  /// What opening the folder throws.
  func error() -> ModelFolderError? {
    do {
      _ = try ModelFile(path: path)
      return nil
    } catch {
      guard case .folder(let error) = error else { return nil }
      return error
    }
  }
}
