import ArgumentParser
import Foundation
import Heddle

/// `heddle experts`
struct ExpertsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "experts", abstract: "Shows how a text's tokens use a model's experts.",
    discussion: """
      The text runs as perplexity runs it, and what each layer's gate chose is counted: how many experts have more than half of \
      the mean load, how much the busiest has of it, and each one's share. Gates can be changed: chosen without the file's \
      bias, with one that is moved over a training text until loads are alike, or by scores divided by the load of the step \
      before.
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
    help: "The most windows that are run, from the text's start. (default: all)")
  var windows: Int?

  @Option(help: "How many experts a token uses, the best first. (default: as many as the model says)")
  var experts: Int?

  @Flag(help: "Chooses experts without the file's bias.")
  var withoutBias = false

  @Option(
    help:
      "A text over which biases move, by --rate after each step, before the other text runs with what they are then.",
    transform: Arguments.text)
  var feedback: String?

  @Option(help: "How far a step moves a bias.")
  var rate: Float = 0.001

  @Option(help: "The most windows of the --feedback text. (default: all)")
  var feedbackWindows: Int?

  @Option(help: "Divides scores by the load of the step before and this number.")
  var loadEpsilon: Float?

  @OptionGroup var device: DeviceOption

  @Flag(help: "Prints JSON.")
  var json = false

  func validate() throws {
    if let context, context < 3 { throw ValidationError("--context is \(context); it must be at least 3") }
    for (name, value) in [("--windows", windows), ("--feedback-windows", feedbackWindows), ("--experts", experts)] {
      if let value, value < 1 { throw ValidationError("\(name) is \(value); it must be at least 1") }
    }
    guard rate.isFinite else { throw ValidationError("--rate is \(rate); it must be a finite number") }
    if let loadEpsilon, !(loadEpsilon > 0 && loadEpsilon.isFinite) {
      throw ValidationError("--load-epsilon is \(loadEpsilon); it must be a finite number above 0")
    }
    if feedback == nil, feedbackWindows != nil { throw ValidationError("--feedback-windows needs --feedback") }
  }

  func run() async throws {
    let progress = ProgressBar()
    let file = try model.file()
    let text = try TextFile.read(text)
    let training = try feedback.map { try TextFile.read($0) }
    let opened = try await model.open(
      file, on: device,
      options: ModelOptions(
        chunk: Perplexity.defaultChunk, allLogits: true,
        experts: ExpertOptions(
          countsLoad: true, choosesCount: experts != nil, leavesBias: withoutBias,
          feedbackRate: feedback == nil ? nil : rate, loadEpsilon: loadEpsilon)))
    guard opened.model.hasExperts else { throw CommandError("the model has no experts") }
    var options: Bindings = [:]
    if let experts { options[.usedExperts] = experts }
    var session: ModelSession?
    if let training {
      options[.movesBias] = 1
      let moving = try Perplexity(
        opened.model, text: training, context: context, windows: feedbackWindows, chunk: opened.chunk(model),
        options: options)
      _ = try await moving.run { progress.show("feedback", done: $0, of: moving.runTokenCount) }
      session = moving.session
      await moving.session.clearExpertLoad()
      options[.movesBias] = 0
    }
    let measured = try Perplexity(
      opened.model, text: text, context: context, windows: windows, chunk: opened.chunk(model), options: options,
      session: session)
    let result = try await measured.run { progress.show("tokens", done: $0, of: measured.runTokenCount) }
    progress.clear()
    let load = await measured.session.expertLoad
    if json { return try Console.json(Report(load, result)) }
    let figures = [
      "experts in use \(String(format: "%.1f", 100 * load.usedShare)) % (above half of the mean load)",
      "busiest \(String(format: "%.2f", load.greatestOverMean)) of the mean",
      "perplexity \(String(format: "%.2f", result.perplexity)) over \(result.scoredTokenCount) tokens",
    ]
    try Console.report(load.table() + figures.joined(separator: ", ") + "\n")
  }

  /// What `experts --json` prints.
  private struct Report: Encodable {
    struct Layer: Encodable {
      var layer: Int
      var counts: [Int]
      var usedShare: Double
      var greatestOverMean: Double
    }

    var layers: [Layer]
    var usedShare: Double
    var greatestOverMean: Double
    var perplexity: Double?
    var tokens: Int

    init(_ load: ExpertLoad, _ result: PerplexityResult) {
      layers = load.layers.map {
        Layer(
          layer: $0.layer, counts: $0.counts, usedShare: $0.usedShare, greatestOverMean: $0.greatestOverMean)
      }
      usedShare = load.usedShare
      greatestOverMean = load.greatestOverMean
      perplexity = result.perplexity.isFinite ? result.perplexity : nil
      tokens = result.runTokenCount
    }
  }
}
