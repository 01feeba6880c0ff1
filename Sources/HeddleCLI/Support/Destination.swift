import Foundation
import Heddle

/// Where a command writes a file. It is opened before the work begins: what would refuse it is known then.
enum Destination {
  /// - Parameters:
  ///   - path: `-` is standard output; what the command would print there goes to standard error then.
  ///   - input: the model that is read, which must not be written over.
  /// - Throws: ``CommandError`` if both are one file, `FileError`.
  static func open(_ path: String, besides input: ModelFile? = nil) throws -> OutputFile {
    if let input, files(of: input).contains(where: { FileIdentity.isSame($0, path) }) {
      throw CommandError(
        "\(path == "-" ? "standard output" : path): is the model itself, which would be gone; name another file")
    }
    if path == "-" { return try Console.takenOutput() }
    // A pipe waits for its reader.
    let progress = ProgressBar()
    progress.show("opening \(path)")
    defer { progress.clear() }
    return try OutputFile(path: path)
  }

  /// A model's files: with all parts of a split one, and with whatever is in its folder.
  private static func files(of model: ModelFile) -> [String] {
    let inFolder = (try? FileManager.default.contentsOfDirectory(atPath: model.path)) ?? []
    return [model.path] + model.filePaths + inFolder.map { model.path + "/" + $0 }
  }
}

extension OutputFile {
  /// The whole file.
  func write(_ data: Data) throws(FileError) {
    try reserve(byteCount: data.count)
    try append(Array(data))
    try commit()
  }
}
