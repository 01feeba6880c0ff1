import ArgumentParser
import Foundation

/// The options of a command, as the parser knows them.
struct OptionTable {
  /// Spellings of those that take a value: `--prompt`, `-p`.
  var taking: Set<String> = []
  /// Spellings of the others.
  var flags: Set<String> = []

  /// Whether an argument is one of them, its value joined or not.
  func isOption(_ argument: String) -> Bool {
    if taking.contains(argument) || flags.contains(argument) { return true }
    let scalars = argument.unicodeScalars
    return scalars.firstIndex(of: "=").map { taking.contains(String(scalars[..<$0])) } ?? false
  }

  /// By the commands' names.
  static func ofCommands() throws -> [String: OptionTable] {
    let tool = try JSONDecoder().decode(Tool.self, from: Data(HeddleCommand._dumpHelp().utf8))
    var tables: [String: OptionTable] = [:]
    for command in tool.command.subcommands ?? [] {
      var table = OptionTable()
      for argument in command.arguments ?? [] {
        let spellings = (argument.names ?? []).map { ($0.kind == "long" ? "--" : "-") + $0.name }
        if argument.kind == "option" { table.taking.formUnion(spellings) } else { table.flags.formUnion(spellings) }
      }
      tables[command.commandName] = table
    }
    return tables
  }

  /// What the parser prints for `--experimental-dump-help`.
  private struct Tool: Decodable {
    struct Command: Decodable {
      var commandName: String
      var subcommands: [Command]?
      var arguments: [Argument]?
    }

    struct Argument: Decodable {
      struct Name: Decodable {
        var kind: String
        var name: String
      }

      var kind: String
      var names: [Name]?
    }

    var command: Command
  }
}
