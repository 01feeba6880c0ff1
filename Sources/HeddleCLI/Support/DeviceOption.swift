import ArgumentParser
import Heddle

/// `--device`
struct DeviceOption: ParsableArguments {
  @Option(
    name: .customLong("device"),
    help: "Identifier, number, type or part of the name of a device; $HEDDLE_DEVICE, else the first GPU, else a CPU.",
    transform: Arguments.text)
  var query: String?

  func backend(
    tuning: Tuning = .recorded, numerics: Numerics = .exact, taping: Taping = .whereLaunchesAreSmall
  ) throws -> OpenCLBackend {
    try OpenCLBackend(device: try OpenCLDevice.select(query), tuning: tuning, numerics: numerics, taping: taping)
  }
}
