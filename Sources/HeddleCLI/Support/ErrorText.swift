import ArgumentParser
import Foundation
import Heddle

/// An error in a line.
enum ErrorText {
  static func line(for error: any Error) -> String {
    // A build's log and numbered source are worth more than the rule of one line.
    if case .build(let failure)? = error as? OpenCLError { return failure.description }
    return flattened(text(of: error))
  }

  /// Whether whoever read what was written has gone.
  static func isClosedPipe(_ error: any Error) -> Bool {
    switch error {
    case let error as StreamError: error.code == EPIPE
    case FileError.cannotWrite(_, _, EPIPE), SafetensorsError.file(.cannotWrite(_, _, EPIPE)): true
    default: false
    }
  }

  private static func text(of error: any Error) -> String {
    if error is CancellationError { return "interrupted" }
    // Errors of the argument parser and of Foundation hide what they mean from `description`.
    let type = String(reflecting: Swift.type(of: error))
    if type.hasPrefix("ArgumentParser.") { return HeddleCommand.message(for: error) }
    if type.hasPrefix("Foundation") { return error.localizedDescription }
    return String(describing: error)
  }

  /// A list over several lines becomes a list in one.
  private static func flattened(_ text: String) -> String {
    let lines = text.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
    var result = lines.first ?? ""
    for line in lines.dropFirst() { result += (result.hasSuffix(":") ? " " : ", ") + line }
    return result
  }
}

/// A failure of the tool itself, in words for the user.
struct CommandError: Error, CustomStringConvertible {
  var description: String

  init(_ description: String) { self.description = description }
}
