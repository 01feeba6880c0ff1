import ArgumentParser
import Foundation
import Heddle

/// `heddle perplexity`
struct PerplexityCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "perplexity", abstract: "Measures how well a model expects a text.",
    discussion: """
      The text is cut into windows of --context tokens; the last half of each is scored, as llama-perplexity of llama.cpp \
      does. Lower is better; values compare only for the same text, vocabulary and context. The first standard error is \
      llama-perplexity's, over tokens; the one over windows is what another text of the kind would differ by.
      """)

  @OptionGroup var model: ModelOption

  @Option(
    name: [.customLong("text"), .customLong("file"), .customShort("f")],
    help: "A file with the text, in UTF-8; - for standard input. Control tokens in it are plain text.",
    transform: Arguments.text)
  var text: String

  @Option(
    name: [.customLong("context"), .customLong("ctx-size"), .customShort("c")],
    help: "The tokens of a window, at least 3. (default: 512, at most the model's context length)")
  var context: Int?

  @Option(
    name: [.customLong("windows"), .customLong("chunks")],
    help: "The most windows that are scored, from the text's start. (default: all)")
  var windows: Int?

  @Option(help: "Of a model with nested sparse weights, the places of each span that are used. (default: all)")
  var density: Int?

  @OptionGroup var device: DeviceOption

  @Flag(help: "Prints JSON.")
  var json = false

  func validate() throws {
    if let context, context < 3 { throw ValidationError("--context is \(context); it must be at least 3") }
    if let windows, windows < 1 { throw ValidationError("--windows is \(windows); it must be at least 1") }
  }

  func run() async throws {
    let progress = ProgressBar()
    let file = try model.file()
    let text = try TextFile.read(text)
    let opened = try await model.open(
      file, on: device, options: ModelOptions(chunk: Perplexity.defaultChunk, allLogits: true))
    let perplexity = try Perplexity(
      opened.model, text: text, context: context, windows: windows, chunk: opened.chunk(model),
      options: density.map { [.kept: $0] } ?? [:])
    let result: PerplexityResult
    do {
      result = try await perplexity.run { progress.show("tokens", done: $0, of: perplexity.runTokenCount) }
    } catch is CancellationError {
      // The device finishes what it was given before the process may go.
      await Task.detached { try? await perplexity.session.reset() }.value
      throw CancellationError()
    }
    progress.clear()
    let report = Report(result, opened, perplexity.session.expertStatistics)
    if json { return try Console.json(report) }
    try Console.report(report.text)
    Console.error(report.summary)
  }

  /// What `perplexity --json` prints. What is not a finite number is left out.
  private struct Report: Encodable {
    var perplexity: Double?
    var standardError: Double?
    var standardErrorOverWindows: Double?
    var meanNegativeLogLikelihood: Double
    /// The mean of each window, in the text's order: two models of one text are compared window by window.
    var windowMeanNegativeLogLikelihoods: [Double]
    var context: Int
    var windows: Int
    var textTokens: Int
    var scoredTokens: Int
    var tokensPerSecond: Double?
    var seconds: Double
    var loadSeconds: Double
    var device: String
    /// With `--expert-memory`.
    var experts: ExpertReport?

    init(_ result: PerplexityResult, _ opened: OpenedModel, _ experts: ExpertStatistics?) {
      self.experts = ExpertReport(experts)
      func finite(_ value: Double?) -> Double? { value.flatMap { $0.isFinite ? $0 : nil } }
      perplexity = finite(result.perplexity)
      standardError = finite(result.standardError)
      standardErrorOverWindows = finite(result.standardErrorOverWindows)
      meanNegativeLogLikelihood = result.meanNegativeLogLikelihood
      windowMeanNegativeLogLikelihoods = result.windowMeans
      context = result.context
      windows = result.windowCount
      textTokens = result.textTokenCount
      scoredTokens = result.scoredTokenCount
      tokensPerSecond = result.tokensPerSecond
      seconds = result.duration / .seconds(1)
      loadSeconds = opened.loadSeconds
      device = opened.backend.deviceName
    }

    var text: String {
      func number(_ value: Double?) -> String { value.map { String(format: "%.4f", $0) } ?? "unknown" }
      return """
        perplexity \(number(perplexity)) ± \(number(standardError)) (over windows ± \(number(standardErrorOverWindows)))
        \(number(meanNegativeLogLikelihood)) nats a token; context \(context), windows \(windows), tokens scored \
        \(scoredTokens), tokens of the text \(textTokens)

        """
    }

    /// The times, in a line, and experts in another.
    var summary: String {
      String(format: "load %.2f s, %.2f s", loadSeconds, seconds)
        + (tokensPerSecond.map { String(format: " at %.1f tokens/s", $0) } ?? "") + ", \(device)\n"
        + (experts?.summary ?? "")
    }
  }
}
