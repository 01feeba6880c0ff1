import ArgumentParser
import Foundation
import Heddle

/// `heddle bench`
struct BenchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Measures how fast a model runs prompts and generates.",
    discussion: """
      Each row is a prompt, or as many tokens one after the other, behind a context of each length. The rate is that of the median \
      of the repetitions, as llama-bench of llama.cpp measures with -p, -n, -d and -r; tokens are drawn by chance. A row that the \
      model's context has no room for is left out, and said.
      """)

  @OptionGroup var model: ModelOption

  @Option(
    name: [.customLong("prompt"), .customLong("n-prompt"), .customShort("p")],
    help: ArgumentHelp(
      "Tokens of a prompt, one number or several parted by commas; 0 for none. (default: 512)", valueName: "tokens"),
    transform: TokenCounts.init)
  var prompts = TokenCounts([512])

  @Option(
    name: [.customLong("decode"), .customLong("n-gen"), .customShort("n")],
    help: ArgumentHelp("Tokens that are generated; 0 for none. (default: 128)", valueName: "tokens"),
    transform: TokenCounts.init)
  var decodes = TokenCounts([128])

  @Option(
    name: [.customLong("contexts"), .customLong("n-depth"), .customShort("d")],
    help: ArgumentHelp("Tokens before them. (default: 0)", valueName: "tokens"), transform: TokenCounts.init)
  var contexts = TokenCounts([0])

  @Option(name: [.customLong("repetitions"), .customShort("r")], help: "How often each row is measured.")
  var repetitions = 5

  @OptionGroup var device: DeviceOption

  @Flag(help: "Prints JSON.")
  var json = false

  func validate() throws {
    guard repetitions >= 1 else { throw ValidationError("--repetitions is \(repetitions); it must be at least 1") }
    if rows.isEmpty { throw ValidationError("--prompt and --decode are both 0: there is nothing to measure") }
  }

  /// By context, so that each context is run once.
  private var rows: [ModelBenchmark.Row] {
    contexts.counts.sorted().flatMap { context in
      prompts.counts.filter { $0 > 0 }.map { .init(.prompt, tokens: $0, context: context) }
        + decodes.counts.filter { $0 > 0 }.map { .init(.decode, tokens: $0, context: context) }
    }
  }

  func run() async throws {
    let progress = ProgressBar()
    let opened = try await model.open(try model.file(), on: device)
    let length = opened.model.configuration.contextLength
    let (fitting, others) = (
      rows.filter { $0.context + $0.tokens <= length }, rows.filter { $0.context + $0.tokens > length }
    )
    let benchmark = try ModelBenchmark(opened.model, rows: fitting, chunk: opened.chunk(model))
    let measurements = try await benchmark.run(repetitions: repetitions) { progress.show($0.title) }
    progress.clear()
    for row in others { Console.error("\(row.title): the model's context is \(length) tokens\n") }
    let report = Report(
      rows: measurements.map(Report.Row.init), repetitions: repetitions, loadSeconds: opened.loadSeconds,
      device: opened.backend.deviceName, activations: model.activations.rawValue, cache: model.cache.rawValue)
    if json { return try Console.json(report) }
    try Console.report(report.text)
    Console.error(report.summary)
  }

  /// What `bench --json` prints.
  private struct Report: Encodable {
    struct Row: Encodable {
      var kind: String
      var tokens: Int
      var context: Int
      var tokensPerSecond: Double?
      var leastTokensPerSecond: Double?
      var greatestTokensPerSecond: Double?
      var seconds: [Double]

      init(_ measurement: ModelBenchmark.Measurement) {
        kind = measurement.row.kind.rawValue
        tokens = measurement.row.tokens
        context = measurement.row.context
        tokensPerSecond = measurement.tokensPerSecond
        leastTokensPerSecond = measurement.least
        greatestTokensPerSecond = measurement.greatest
        seconds = measurement.durations.map { $0 / .seconds(1) }
      }

      var line: [String] {
        func rate(_ value: Double?) -> String { value.map { String(format: "%.1f", $0) } ?? "–" }
        return [
          "\(kind) \(tokens)", "\(context)", rate(tokensPerSecond), rate(leastTokensPerSecond),
          rate(greatestTokensPerSecond),
        ]
      }
    }

    var rows: [Row]
    var repetitions: Int
    var loadSeconds: Double
    var device: String
    var activations: String
    var cache: String

    var text: String {
      let lines = [["", "context", "tokens/s", "least", "greatest"]] + rows.map(\.line)
      let widths = (0..<5).map { column in lines.map { $0[column].count }.max() ?? 0 }
      return lines.map { line in
        line.enumerated().map { column, cell in
          let space = String(repeating: " ", count: widths[column] - cell.count)
          return column == 0 ? cell + space : space + cell
        }.joined(separator: "  ") + "\n"
      }.joined()
    }

    var summary: String {
      "load \(String(format: "%.2f", loadSeconds)) s, median of \(repetitions), activations \(activations), "
        + "cache \(cache), \(device)\n"
    }
  }
}

extension ModelBenchmark.Row {
  fileprivate var title: String { "\(kind.rawValue) of \(tokens) tokens behind \(context)" }
}
