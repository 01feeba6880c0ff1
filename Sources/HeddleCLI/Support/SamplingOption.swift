import ArgumentParser
import Heddle

/// `--temperature`, `--top-k`, `--top-p`, `--min-p`, `--seed`, and what repetition costs.
struct SamplingOption: ParsableArguments {
  @Option(
    name: [.customLong("temperature"), .customLong("temp")],
    help: "Divides the logits; 0 always takes the most probable token.")
  var temperature: Float = 0

  @Option(help: "Samples only the K most probable tokens; 0 samples all.")
  var topK: Int?

  @Option(help: "Samples only the most probable tokens whose probabilities reach P; 1 samples all.")
  var topP: Float?

  @Option(help: "Samples only tokens with at least this part of the most probable one's probability; 0 samples all.")
  var minP: Float?

  @Option(
    name: [.customLong("repetition-penalty"), .customLong("repeat-penalty")],
    help: "Above 1 makes tokens that were there less likely: divides their logits above 0, multiplies those below.")
  var repetitionPenalty: Float?

  @Option(
    name: [.customLong("repetition-window"), .customLong("repeat-last-n")],
    help: "How many of the last tokens the penalties look at; -1 for all. (default: -1)")
  var repetitionWindow: Int?

  @Option(help: "Taken from a token's logit for each time that it was there.")
  var frequencyPenalty: Float?

  @Option(help: "Taken from a token's logit if it was there.")
  var presencePenalty: Float?

  @Option(
    name: [.customLong("seed"), .customShort("s")],
    help: "Equal seeds give equal texts; -1 draws one. (default: -1)")
  var seed: Seed?

  func validate() throws {
    let options = options
    let given = [
      ("--top-k", options.topK != nil), ("--top-p", options.topP != nil), ("--min-p", options.minP != nil),
      ("--seed", options.seed != nil),
    ]
    if temperature == 0, let (name, _) = given.first(where: \.1) {
      throw ValidationError("\(name) needs a --temperature above 0: at 0 nothing is sampled")
    }
    let penalties = [repetitionPenalty, frequencyPenalty, presencePenalty]
    if options.repetitionWindow != nil, penalties.allSatisfy({ $0 == nil }) {
      throw ValidationError(
        "--repetition-window needs --repetition-penalty, --frequency-penalty or --presence-penalty")
    }
    do { try options.validate() } catch { throw ValidationError(error.description) }
  }

  var options: SamplingOptions {
    SamplingOptions(
      temperature: temperature, topK: topK == 0 ? nil : topK, topP: topP == 1 ? nil : topP,
      minP: minP == 0 ? nil : minP, repetitionPenalty: repetitionPenalty,
      repetitionWindow: repetitionWindow == -1 ? nil : repetitionWindow, frequencyPenalty: frequencyPenalty,
      presencePenalty: presencePenalty, seed: seed?.value)
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
