import ArgumentParser
import Heddle

/// `--temperature`, `--top-k`, `--top-p`, `--seed`
struct SamplingOption: ParsableArguments {
  @Option(
    name: [.customLong("temperature"), .customLong("temp")],
    help: "Divides the logits; 0 always takes the most probable token.")
  var temperature: Float = 0

  @Option(help: "Samples only the K most probable tokens; 0 samples all.")
  var topK: Int?

  @Option(help: "Samples only the most probable tokens whose probabilities reach P; 1 samples all.")
  var topP: Float?

  @Option(
    name: [.customLong("seed"), .customShort("s")],
    help: "Equal seeds give equal texts; -1 draws one. (default: -1)")
  var seed: Seed?

  func validate() throws {
    let options = options
    let given = [("--top-k", options.topK != nil), ("--top-p", options.topP != nil), ("--seed", options.seed != nil)]
    if temperature == 0, let (name, _) = given.first(where: \.1) {
      throw ValidationError("\(name) needs a --temperature above 0: at 0 nothing is sampled")
    }
    do { try options.validate() } catch { throw ValidationError(error.description) }
  }

  var options: SamplingOptions {
    SamplingOptions(
      temperature: temperature, topK: topK == 0 ? nil : topK, topP: topP == 1 ? nil : topP, seed: seed?.value)
  }
}

/// A seed, or the wish for one that nobody knows.
struct Seed: ExpressibleByArgument {
  /// Nil draws one.
  var value: UInt64?

  init?(argument: String) {
    if argument == "-1" { return }
    guard let value = UInt64(argument) else { return nil }
    self.value = value
  }
}
