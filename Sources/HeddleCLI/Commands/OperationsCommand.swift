import ArgumentParser
import Foundation
import Heddle

/// `heddle operations`
struct OperationsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "operations", abstract: "Prints every operation: its operands, its members and what it computes.")

  @Flag(help: "As JSON, for programs: what heddle_operations of the C interface gives.") var json = false
  @Flag(help: "As tables of Markdown.") var markdown = false

  func validate() throws {
    if json, markdown { throw ValidationError("--json and --markdown exclude each other") }
  }

  func run() throws {
    if json {
      try Console.output(Array(Operations.json() + Data("\n".utf8)))
    } else {
      try Console.report(markdown ? OperationTable.markdown : OperationTable.text)
    }
  }
}
