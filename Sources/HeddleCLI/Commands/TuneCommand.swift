import ArgumentParser
import Foundation
import Heddle

/// `heddle tune`
struct TuneCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tune", abstract: "Measures which kernels are fastest on a device, and remembers them.",
    discussion: """
      Other commands and programs then take what was measured. In exact numerics results never depend on it. Best run while \
      nothing else uses the device. Control-C ends it early; what was measured stays.
      """)

  @Option(
    name: [.customLong("model"), .customShort("m")],
    help:
      "Tunes every operation of a model: a GGUF file, a folder as a hub has it, or a safetensors file that heddle wrote.",
    transform: Arguments.text)
  var model: String?

  @Option(
    help: "Tunes a product of T tokens, K inputs and M outputs: TxKxM. T may be a range: 2...16x576x1536.")
  var matmul: MatMulOption?

  @Flag(help: "Prints what was measured on the device before.")
  var list = false

  @Flag(help: "Forgets what was measured on the device.")
  var clear = false

  @OptionGroup var device: DeviceOption
  @OptionGroup var numerics: NumericsOption

  @Option(
    help: "How the weight of --matmul is stored: f32, f16, bf16, q4_0, … (default: f32)", transform: Arguments.text)
  var values: String?

  @Option(help: "The most tokens of one step of the model, at least the default, as given to the commands that run it.")
  var chunk = ModelOptions().chunk

  @Option(help: "How often each candidate is measured.")
  var rounds = TuningOptions().rounds

  @Option(help: "Stops after this many seconds; what is not measured by then keeps its default.")
  var budget = 300.0

  @Flag(help: "Measures also what was measured before.")
  var force = false

  @Flag(help: "Prints JSON.")
  var json = false

  @Option(
    help: "Writes the choices to a file for --tuning; - is standard output, what is said goes to standard error then.",
    transform: Arguments.text)
  var output: String?

  func validate() throws {
    let tasks = [("--model", model != nil), ("--matmul", matmul != nil), ("--list", list), ("--clear", clear)]
    let given = tasks.filter(\.1).map(\.0)
    guard given.count == 1 else {
      throw ValidationError(
        "one of --model, --matmul, --list and --clear is needed"
          + (given.isEmpty ? "" : "; got \(given.joined(separator: " and "))"))
    }
    guard budget.isFinite, budget > 0, budget <= 1e6 else {
      throw ValidationError("--budget is \(budget); it must be above 0 and at most 1000000")
    }
    guard TuningOptions.roundsRange.contains(rounds) else {
      let range = TuningOptions.roundsRange
      throw ValidationError("--rounds is \(rounds); it must be in \(range.lowerBound)...\(range.upperBound)")
    }
    guard ModelOptions.chunkRange.contains(chunk) else {
      let range = ModelOptions.chunkRange
      throw ValidationError("--chunk is \(chunk); it must be in \(range.lowerBound)...\(range.upperBound)")
    }
    if values != nil, matmul == nil { throw ValidationError("--values needs --matmul") }
    if output != nil, clear || list { throw ValidationError("--output needs --model or --matmul") }
  }

  func run() async throws {
    if list || clear { return try manage(device.backend().tuningRecord) }
    let bar = ProgressBar()
    bar.show("loading")
    let file = try model.map { try ModelFile(path: $0) }
    let (graph, constants) = try subject(file)
    let destination = try output.map { try Destination.open($0, besides: file) }
    bar.show("loading")
    let backend = try device.backend(numerics: numerics.numerics)
    var options = TuningOptions()
    options.rounds = rounds
    options.budget = .seconds(budget)
    options.isForced = force
    let report = try await backend.tune(graph, constants: constants, options: options) { progress in
      bar.show("\(progress.phase), \(progress.range)", done: progress.done, of: progress.total)
    }
    bar.clear()
    if let destination { try destination.write(try report.decisions.json()) }
    TuningOption.report(backend.tuningNotes)
    if json { return try Console.json(report) }
    try Console.report(report.table() + "\n")
    Console.error(String(format: "%.1f s on %@\n", report.seconds, report.device))
  }

  /// The graph to tune; a model's is the one that other commands compile.
  private func subject(_ file: ModelFile?) throws -> (graph: Graph, constants: ConstantStore) {
    if let file {
      let decoder = try DecoderModel(file)
      return (try decoder.graph(chunk: max(chunk, ModelOptions().chunk)), decoder.constants)
    }
    let values = values ?? Encoding.float32.name
    guard let encoding = Encoding(name: values), Encoding.weights.contains(encoding) else {
      let known = Encoding.weights.map(\.name).joined(separator: ", ")
      throw CommandError("--values is '\(values)'; a weight can be \(known)")
    }
    guard let matmul else { throw CommandError("there is nothing to tune") }
    return try matmul.graph(encoding)
  }

  private func manage(_ record: TuningRecord) throws {
    if clear { return try record.clear() }
    let entries = record.entries().values.sorted { $0.signature < $1.signature }
    TuningOption.report(record.notes)
    if json { return try Console.json(Listing(path: record.path, entries: entries)) }
    try Console.report(entries.map { "\($0)\n" }.joined())
    Console.error("tuned operations: \(entries.count), in \(record.path ?? "no file: there is no cache folder")\n")
  }

  /// What `tune --list --json` prints.
  private struct Listing: Encodable {
    var path: String?
    var entries: [TuningEntry]
  }
}
