import ArgumentParser
import Foundation

/// The process's arguments, made so that the parser takes every value as it is.
///
/// The parser cuts at characters, which a combining mark joins with the `=` before it, and takes a value that begins with
/// `-` for an option. So what follows an option that has a value becomes part of its argument here, whatever it is, as
/// long as it is no option of the command itself.
enum Arguments {
  /// Stands between `=` and a value that begins with what would join it. No argument can hold it.
  private static let separator: Unicode.Scalar = "\0"

  /// - Throws: `ValidationError` for bytes that are not UTF-8, ``prepared(_:)``.
  static func process() throws -> [String] {
    let arguments = UnsafeBufferPointer(start: CommandLine.unsafeArgv, count: Int(CommandLine.argc))
    return try prepared(
      arguments.dropFirst().enumerated().map { index, argument in
        guard let argument else { return "" }
        let bytes = UnsafeRawBufferPointer(start: argument, count: strlen(argument))
        guard let text = String(validating: bytes, as: UTF8.self) else {
          throw ValidationError(
            "argument \(index + 1), '\(String(decoding: bytes, as: UTF8.self))', is not valid UTF-8 at byte "
              + "\(TextFile.validPrefix(bytes))")
        }
        return text
      })
  }

  /// - Throws: `ValidationError` if an option follows where a value is needed.
  static func prepared(_ arguments: [String]) throws -> [String] {
    guard let command = arguments.first, let options = try OptionTable.ofCommands()[command] else { return arguments }
    var result = [command]
    var rest = arguments.dropFirst()
    while let argument = rest.popFirst() {
      if argument == "--" { return result + [argument] + rest }
      let scalars = argument.unicodeScalars
      let equals = scalars.firstIndex(of: "=")
      let name = String(scalars[..<(equals ?? scalars.endIndex)])
      guard options.taking.contains(name) else {
        result.append(argument)
        continue
      }
      if let equals {
        result += joined(name, String(scalars[scalars.index(after: equals)...]))
        continue
      }
      guard let value = rest.popFirst() else {
        result.append(argument)
        continue
      }
      guard !options.isOption(value) else {
        throw ValidationError(
          "\(name) needs a value, and '\(value)' is an option; if it is meant as the value, write \(name)='\(value)'")
      }
      result += joined(name, value)
    }
    return result
  }

  private static func joined(_ name: String, _ value: String) -> [String] {
    // The parser takes nothing behind `=` for a value that is missing.
    if value.isEmpty { return [name, value] }
    let plain = "\(name)=\(value)"
    return [plain.count == name.count + 1 + value.count ? plain : "\(name)=\(separator)\(value)"]
  }

  /// A text that an option was given.
  static func text(_ argument: String) -> String {
    argument.unicodeScalars.first == separator ? String(argument.unicodeScalars.dropFirst()) : argument
  }
}
