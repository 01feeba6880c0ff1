import ArgumentParser

/// `--prompt`
struct PromptOption: ParsableArguments {
  @Option(
    name: .customLong("prompt"),
    help: "The text to go on from. Special tokens in it are recognised, unless --chat is given.")
  var text: String
}
