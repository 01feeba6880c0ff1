import ArgumentParser
import Foundation
import Heddle

/// `heddle`: what the library does, from a shell.
struct HeddleCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "heddle", abstract: "Runs tensor graphs and language models on OpenCL devices.",
    subcommands: [
      DevicesCommand.self, InspectCommand.self, FormatsCommand.self, OperationsCommand.self, GenerateCommand.self,
      ChatCommand.self, LogitsCommand.self, TokenizeCommand.self,
      PerplexityCommand.self, GraphCommand.self, TensorCommand.self, TuneCommand.self, PruneCommand.self,
      ConvertCommand.self, QuantizeCommand.self, ImportanceCommand.self, ExpertsCommand.self, BenchCommand.self,
    ])

  /// Runs the command that the arguments name. Whatever goes wrong is one line on stderr, `error: …`.
  ///
  /// - Returns: the exit code: 0, 1 for an error, 2 for arguments that are wrong, 128 and the number of a signal.
  static func runToEnd() async -> Int32 {
    var code: Int32 = 0
    do {
      var command = try parseAsRoot(Arguments.process())
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
      ProgressBar.clear()
    } catch {
      ProgressBar.clear()
      if ErrorText.isClosedPipe(error) { Signals.endOfClosedPipe() }
      code = exitCode(of: error)
    }
    return Signals.exitCode ?? code
  }

  private static func exitCode(of error: any Error) -> Int32 {
    let kind = exitCode(for: error)
    if kind.isSuccess {
      // Help, which was asked for.
      do { try Console.output(fullMessage(for: error) + "\n") } catch { return exitCode(of: error) }
      return 0
    }
    Console.error("error: \(ErrorText.line(for: error))\n")
    return kind == .validationFailure ? 2 : 1
  }
}
