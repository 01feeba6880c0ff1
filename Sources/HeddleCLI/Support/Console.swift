import Foundation

/// The process's output streams, written without buffering.
enum Console {
  /// - Throws: what writing throws: a full disk is an error of the command.
  static func output(_ text: String) throws { try output(Data(text.utf8)) }

  static func output(_ data: Data) throws {
    do {
      try FileHandle.standardOutput.write(contentsOf: data)
    } catch {
      throw CommandError("cannot write to standard output: \(reason(error))")
    }
  }

  /// Nothing can be done about an stderr that cannot be written.
  static func error(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data(text.utf8)) }

  static var errorIsTerminal: Bool { isatty(FileHandle.standardError.fileDescriptor) == 1 }

  /// Writes a whole file; `-` is standard output.
  static func write(_ data: Data, to path: String) throws {
    if path == "-" { return try output(data) }
    do {
      try data.write(to: URL(fileURLWithPath: path))
    } catch {
      throw CommandError("\(path): cannot be written: \(reason(error))")
    }
  }

  /// What the system says, without Foundation's sentence around it.
  static func reason(_ error: any Error) -> String {
    let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? any Error
    return (underlying ?? error).localizedDescription
  }
}
