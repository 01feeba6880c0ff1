import ArgumentParser
import Heddle
import HeddleText

/// `--tuning`
struct TuningOption: ParsableArguments {
  @Option(
    name: .customLong("tuning"),
    help: """
      Which kernels to choose: recorded (as measured before on this device), off, on-demand (measures what is missing \
      first), or a file that heddle tune --output wrote. In exact numerics the results do not depend on it.
      """,
    transform: Arguments.text)
  var source = "recorded"

  func tuning() throws -> Tuning {
    switch source {
    case "recorded": .recorded
    case "off": .off
    case "on-demand": .onDemand()
    default: .pinned(try TuningDecisions(contentsOf: source))
    }
  }

  /// What a user may want to mend, on stderr.
  static func report(_ notes: [TuningNote]) {
    for note in notes { Console.error("note: \(Printable.text(note.description))\n") }
  }
}
