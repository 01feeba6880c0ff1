import ArgumentParser

/// `heddle formats`
struct FormatsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "formats", abstract: "Lists the models, tensor types and tokenizers that load, and what does not yet.")

  func run() throws { try Console.output(FormatTable.text) }
}
