import ArgumentParser
import Heddle

/// `--temperature`, `--top-k`, `--top-p`, `--seed`
struct SamplingOption: ParsableArguments {
  @Option(help: "Divides the logits; 0 always takes the most probable token.")
  var temperature: Float = 0

  @Option(help: "Samples only the K most probable tokens.")
  var topK: Int?

  @Option(help: "Samples only the most probable tokens whose probabilities reach P.")
  var topP: Float?

  @Option(help: "Equal seeds give equal texts.")
  var seed: UInt64?

  func validate() throws {
    let given = [("--top-k", topK != nil), ("--top-p", topP != nil), ("--seed", seed != nil)]
    if temperature == 0, let (name, _) = given.first(where: \.1) {
      throw ValidationError("\(name) needs a --temperature above 0: at 0 nothing is sampled")
    }
    do { try options.validate() } catch { throw ValidationError(error.description) }
  }

  var options: SamplingOptions {
    SamplingOptions(temperature: temperature, topK: topK, topP: topP, seed: seed)
  }
}
