import Foundation
import Heddle
import HeddleText

/// A whole file as text.
enum TextFile {
  /// - Throws: ``CommandError`` if the file cannot be read, or naming the first byte that is not UTF-8.
  static func read(_ path: String) throws -> String {
    let data: Data
    do {
      data = try Data(contentsOf: URL(fileURLWithPath: path))
    } catch {
      throw CommandError("\(Printable.text(path)): cannot be read: \(Console.reason(error))")
    }
    guard let text = String(validating: data, as: UTF8.self) else {
      throw CommandError("\(Printable.text(path)): not valid UTF-8 at byte \(validPrefix(data))")
    }
    return text
  }

  /// How many bytes come before the first that is not UTF-8.
  private static func validPrefix(_ data: Data) -> Int {
    var parser = Unicode.UTF8.ForwardParser()
    var bytes = data.makeIterator()
    var count = 0
    while case .valid(let scalar) = parser.parseScalar(from: &bytes) { count += scalar.count }
    return count
  }
}
