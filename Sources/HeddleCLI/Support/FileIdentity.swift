import Foundation

/// Whether two paths lead to one file.
enum FileIdentity {
  /// - Parameter output: `-` is standard output.
  static func isSame(_ input: String, _ output: String) -> Bool {
    guard let input = identity(input), let output = output == "-" ? identityOfOutput() : identity(output) else {
      return false
    }
    return input == output
  }

  /// The device and the number of the file there; nil if there is none.
  private static func identity(_ path: String) -> [UInt64]? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return [UInt64(status.st_dev), UInt64(status.st_ino)]
  }

  private static func identityOfOutput() -> [UInt64]? {
    var status = stat()
    guard fstat(STDOUT_FILENO, &status) == 0 else { return nil }
    return [UInt64(status.st_dev), UInt64(status.st_ino)]
  }
}
