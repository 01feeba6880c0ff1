import Foundation

/// The library's own sources, for tests that hold lists equal to them.
enum SourceFiles {
  static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// Path below `Sources` → text, of the targets that a program can link.
  static func library() throws -> [(path: String, text: String)] {
    let targets = [
      "HeddleText", "HeddleTypes", "HeddleFormats", "HeddleGraph", "HeddleReference", "HeddlePlanning",
      "HeddleExecution", "HeddleOpenCL", "ChatTemplates", "HeddleModels", "HeddleC", "HeddleHost", "OpenCLRuntime",
    ]
    var files: [(path: String, text: String)] = []
    for target in targets {
      let folder = package.appendingPathComponent("Sources/\(target)")
      let paths = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
      for path in paths.sorted() where path.hasSuffix(".swift") {
        let text = try String(contentsOf: folder.appendingPathComponent(path), encoding: .utf8)
        files.append(("\(target)/\(path)", text))
      }
    }
    return files
  }
}
