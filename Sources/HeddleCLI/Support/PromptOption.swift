import ArgumentParser

/// `--prompt`, `--prompt-file`
struct PromptOption: ParsableArguments {
  @Option(
    name: [.customLong("prompt"), .customShort("p")],
    help: """
      The text to go on from; - for standard input. Special tokens in it are recognised, but not in the message of a chat.
      """,
    transform: Arguments.text)
  var given: String?

  @Option(
    name: [.customLong("prompt-file"), .customLong("file"), .customShort("f")],
    help: "A file with the text instead, in UTF-8; - for standard input. A line's end at its end is left out.",
    transform: Arguments.text)
  var file: String?

  func validate() throws {
    if given != nil, file != nil {
      throw ValidationError("one of --prompt and --prompt-file is needed; got both")
    }
  }

  var isGiven: Bool { given != nil || file != nil }

  /// Whether standard input is the prompt.
  var isStandardInput: Bool { given == "-" || file == "-" }

  /// - Throws: `ValidationError` if there is no prompt.
  func require() throws {
    if file?.isEmpty == true { throw ValidationError("--prompt-file is empty; it must be a file") }
    guard isGiven else { throw ValidationError("one of --prompt and --prompt-file is needed") }
  }

  /// - Throws: ``CommandError`` if the file cannot be read.
  func text() throws(CommandError) -> String {
    guard let file = file ?? (given == "-" ? given : nil) else { return given ?? "" }
    let text = try TextFile.read(file)
    // As llama.cpp does: an editor ends a file with it.
    return text.unicodeScalars.last == "\n" ? String(text.unicodeScalars.dropLast()) : text
  }
}
