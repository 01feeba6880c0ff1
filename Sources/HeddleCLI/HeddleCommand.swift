import ArgumentParser
import Foundation

/// `heddle`: what the library does, from a shell.
@main
struct HeddleCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "heddle", abstract: "Runs tensor graphs and language models on OpenCL devices.",
    subcommands: [
      DevicesCommand.self, InspectCommand.self, FormatsCommand.self, GenerateCommand.self, LogitsCommand.self,
      PerplexityCommand.self, GraphCommand.self, TensorCommand.self, TuneCommand.self, PruneCommand.self,
    ])

  /// Whatever goes wrong is one line on stderr, `error: …`, and exit code 1.
  static func main() async {
    do {
      var command = try parseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch let code as ExitCode {
      Foundation.exit(code.rawValue)
    } catch {
      if exitCode(for: error).isSuccess { exit(withError: error) }
      Console.error("error: \(ErrorText.line(for: error))\n")
      Foundation.exit(1)
    }
  }
}
