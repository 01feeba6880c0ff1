import ArgumentParser
import Heddle

/// Where an answer ends, for `generate` and `chat`.
struct AnswerOption: ParsableArguments {
  @Option(
    name: [.customLong("context"), .customLong("ctx-size"), .customShort("c")],
    help: "The most tokens of prompts and answers together. (default: the model's context length)")
  var context: Int?

  @Option(
    help: "A text that ends an answer, without being part of it; may be given several times.",
    transform: Arguments.text)
  var stop: [String] = []

  func validate() throws {
    if stop.contains(where: \.isEmpty) { throw ValidationError("--stop is empty; it must be a text") }
    if let context, context < 1 { throw ValidationError("--context is \(context); it must be at least 1") }
  }

  /// The names of the option that both commands have with a default of their own.
  static let maximumTokensNames: NameSpecification = [
    .customLong("max-tokens"), .customLong("n-predict"), .customShort("n"),
  ]

  /// What ``GenerationOptions/maximumTokens`` is: −1 stands for as many as there is room for.
  ///
  /// - Throws: `ValidationError` for any other number below 1.
  static func maximumTokens(_ given: Int) throws -> Int {
    guard given >= 1 || given == -1 else {
      throw ValidationError(
        "--max-tokens is \(given); it must be at least 1, or -1 for as many as there is room for")
    }
    return given < 0 ? Int(Int32.max) : given
  }
}
