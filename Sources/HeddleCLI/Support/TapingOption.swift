import ArgumentParser
import Heddle

extension Taping: ExpressibleByArgument {}

/// `--taping`
struct TapingOption: ParsableArguments {
  @Option(
    help: """
      Which launches of kernels are joined to one, where the device can walk them: never, small (where beginning one costs as \
      much as its work), always. The results do not depend on it.
      """)
  var taping = Taping.whereLaunchesAreSmall
}
