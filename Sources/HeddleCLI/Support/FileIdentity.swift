import Foundation

/// Whether two paths lead to one file.
enum FileIdentity {
  static func isSame(_ first: String, _ second: String) -> Bool {
    guard let first = identity(first), let second = identity(second) else { return false }
    return first == second
  }

  /// The device and the number of the file there; nil if there is none.
  private static func identity(_ path: String) -> [UInt64]? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return [UInt64(status.st_dev), UInt64(status.st_ino)]
  }
}
