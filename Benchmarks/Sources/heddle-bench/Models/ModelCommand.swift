import ArgumentParser
import Foundation
import Heddle
import OpenCLRuntime

/// Whole models beside llama.cpp, which runs the same files.
struct ModelCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "model", abstract: "Measures whole models beside llama.cpp's llama-bench.",
    discussion: """
      In each round Heddle runs every row once in each mode, then llama-bench, once with flash attention and once without, of \
      which the faster median counts. Rates are tokens over the median of the rounds. Both have as many threads as the device has \
      cores, and caches of float16. A round that is not counted comes first.
      """)

  @Option(name: [.customLong("model"), .customShort("m")], parsing: .upToNextOption, help: "GGUF files.")
  var models: [String]
  @Option(help: "Tokens of a prompt; 0 for none.") var prompt = 512
  @Option(help: "Tokens that are generated; 0 for none.") var decode = 128
  @Option(parsing: .upToNextOption, help: "Tokens before them.") var contexts = [0]
  @Option(help: "Rounds that count.") var rounds = 5
  @Option(help: "The device.") var device: String?
  @Flag(help: "Runs Heddle alone.") var alone = false

  func validate() throws {
    guard rounds >= 1 else { throw ValidationError("--rounds must be at least 1, got \(rounds)") }
    guard prompt > 0 || decode > 0 else { throw ValidationError("--prompt and --decode are both 0") }
  }

  private var rows: [ModelBenchmark.Row] {
    contexts.sorted().flatMap { context -> [ModelBenchmark.Row] in
      (prompt > 0 ? [.init(.prompt, tokens: prompt, context: context)] : [])
        + (decode > 0 ? [.init(.decode, tokens: decode, context: context)] : [])
    }
  }

  func run() async throws {
    let device = try Device.select(device)
    let backend = try OpenCLBackend(device: device)
    let peer = alone ? nil : try LlamaBench(threads: device.profile.computeUnits)
    print("\(device.name)\(peer.map { "; \($0.identity)" } ?? "")")
    for model in models { try await measure(model, on: backend, beside: peer) }
  }

  private func measure(_ path: String, on backend: OpenCLBackend, beside peer: LlamaBench?) async throws {
    let file = try ModelFile(path: path)
    var ours: [(mode: ActivationPrecision, benchmark: ModelBenchmark)] = []
    for mode in [ActivationPrecision.int8, .exact] {
      Progress.show("opening \(path), \(mode.rawValue)")
      let model = try await LanguageModel.open(
        file: file, backend: backend, options: ModelOptions(activations: mode, cache: .f16))
      try await model.warmUp()
      ours.append((mode, try ModelBenchmark(model, rows: rows)))
    }
    let columns = ours.map(\.mode.rawValue) + (peer == nil ? [] : LlamaBench.ways)
    var seconds = rows.map { _ in columns.map { _ in [Double]() } }
    for round in 0...rounds {
      Progress.show("\(path), round \(round) of \(rounds)")
      for (column, entry) in ours.enumerated() {
        for (place, row) in rows.enumerated() {
          seconds[place][column].append(try await entry.benchmark.time(row) / .seconds(1))
        }
      }
      for (place, row) in rows.enumerated() {
        guard let times = try peer?.seconds(row, model: path) else { continue }
        for (way, time) in times.enumerated() { seconds[place][ours.count + way].append(time) }
      }
    }
    let statistics = seconds.map { $0.map { Statistics(Array($0.dropFirst())) } }
    print(table(URL(fileURLWithPath: path).lastPathComponent, statistics, count: ours.count))
  }

  /// Rates and, of each mode, how many times as fast it is as the peer's faster way.
  private func table(_ name: String, _ statistics: [[Statistics]], count: Int) -> String {
    var lines = [[name, "int8", "±%", "exact", "±%"]]
    if !alone { lines[0] += ["llama.cpp", "±%", "int8 ×", "exact ×"] }
    for (row, columns) in zip(rows, statistics) {
      func cells(_ measured: Statistics) -> [String] {
        [(Double(row.tokens) / measured.median).short, (100 * measured.spread).short]
      }
      let place = row.context == 0 ? "" : " behind \(row.context)"
      var line = ["\(row.kind.rawValue) \(row.tokens)\(place)"] + columns.prefix(count).flatMap(cells)
      if let best = columns.dropFirst(count).min(by: { $0.median < $1.median }) {
        line += cells(best) + columns.prefix(count).map { (best.median / $0.median).short }
      }
      lines.append(line)
    }
    let widths = lines[0].indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    return lines.map { line in
      line.enumerated().map { $0 == 0 ? $1.padded(widths[$0]) : $1.leftPadded(widths[$0]) }.joined(separator: "  ")
        + "\n"
    }.joined()
  }
}
