import Foundation
import Heddle
import HeddleText

/// A whole file as text: a regular file, a pipe, or standard input.
enum TextFile {
  private static let limit = 64 << 20

  /// - Parameter path: `-` is standard input.
  /// - Throws: ``CommandError`` if the file cannot be read or has more than 64 MiB, or naming the first byte that is not
  ///   UTF-8.
  static func read(_ path: String) throws(CommandError) -> String {
    let name = path == "-" ? "standard input" : path
    let progress = ProgressBar()
    progress.show("reading \(name)")
    defer { progress.clear() }
    let bytes: [UInt8]
    do throws(WholeFile.Failure) {
      bytes =
        try path == "-" ? WholeFile.readStandardInput(limit: limit) : WholeFile.read(path, limit: limit)
    } catch {
      throw CommandError("\(name): cannot be read: \(error)")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw CommandError("\(name): not valid UTF-8 at byte \(validPrefix(bytes))")
    }
    return text
  }

  /// How many bytes come before the first that is not UTF-8.
  static func validPrefix(_ bytes: some Sequence<UInt8>) -> Int {
    var parser = Unicode.UTF8.ForwardParser()
    var bytes = bytes.makeIterator()
    var count = 0
    while case .valid(let scalar) = parser.parseScalar(from: &bytes) { count += scalar.count }
    return count
  }
}
