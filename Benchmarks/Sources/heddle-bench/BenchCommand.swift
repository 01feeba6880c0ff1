import ArgumentParser
import Foundation
import Heddle
import OpenCLRuntime

/// Heddle beside its peers and beside the machine's limits.
@main
struct BenchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "heddle-bench",
    abstract: "Measures Heddle beside other libraries and beside what the device can do at most.",
    subcommands: [Measure.self, ModelCommand.self, WriteModelCommand.self, TuneCLBlast.self],
    defaultSubcommand: Measure.self)
}

struct Measure: AsyncParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Runs a suite.")

  @Argument(help: "The suite: \(Suites.all.map { $0.name }.joined(separator: ", ")).") var suite: String
  @Option(help: "Writes the rows as a JSON array; - is standard output, the table goes to standard error then.")
  var json: String?
  @Option(help: "Writes one self-contained page; - as for --json.") var html: String?
  @Option(help: "Only cases whose name holds this, or one of these parted by commas.") var cases: String?
  @Option(help: "The device.") var device: String?
  @Option(help: "Samples of each contestant.") var samples = 9
  @Flag(help: "Every case and every variant.") var all = false
  @Flag(help: "Tiny cases and three samples: whether it works, not how fast.") var quick = false
  @Flag(help: "Counts launches, bytes and allocations instead of measuring; JSON, to --json or standard output.")
  var counters = false

  func validate() throws {
    if json == "-", html == "-" { throw ValidationError("--json and --html cannot both be standard output") }
    guard samples >= 1 else { throw ValidationError("--samples must be at least 1, got \(samples)") }
    guard Suites.named(suite) != nil else {
      throw ValidationError("there is no suite '\(suite)'; there are \(Suites.all.map { $0.name })")
    }
  }

  func run() async throws {
    guard let suite = Suites.named(suite) else { return }
    // What is counted must not depend on what was once measured on this machine.
    let backend = try OpenCLBackend(device: try Device.select(device), tuning: counters ? .off : .recorded)
    let signals = Interrupt.watch()
    defer { withExtendedLifetime(signals) {} }
    let jsonFile = try json.map(open)
    let htmlFile = try html.map(open)
    if counters { return try await count(suite, backend, to: jsonFile ?? .standardOutput()) }
    let chosen = try selection(suite)
    guard !chosen.isEmpty else { throw ValidationError("no case's name holds '\(cases ?? "")'") }
    var interleaving = Interleaving()
    interleaving.samples = quick ? 3 : samples
    let run = await BenchmarkRun(
      suite, cases: chosen, on: backend, interleaving: interleaving, isExhaustive: all, isQuick: quick)
    let report = try await run.run()
    if json == "-" || html == "-" { Progress.say(report.text) } else { print(report.text) }
    if let jsonFile { try write(JSONText.array(report.rows.map(\.json)).text() + "\n", to: jsonFile) }
    if let htmlFile { try write(report.page, to: htmlFile) }
  }

  private func selection(_ suite: any Suite.Type) throws -> [any BenchmarkCase] {
    let known = try suite.cases()
    let wanted = quick ? try suite.quickCases() : all ? known.ordinary + known.further : known.ordinary
    guard let parts = cases?.split(separator: ",") else { return wanted }
    func isNamed(_ benchmark: any BenchmarkCase) -> Bool { parts.contains { benchmark.name.contains($0) } }
    let named = wanted.filter(isNamed)
    // A case that only `--all` runs may still be asked for by name.
    return named.isEmpty && !quick ? known.further.filter(isNamed) : named
  }

  private func count(_ suite: any Suite.Type, _ backend: OpenCLBackend, to file: OutputFile) async throws {
    var counted: [JSONText] = []
    for graph in try suite.countedGraphs() {
      counted.append(try await Counters(graph, suite: suite.name, on: backend).json)
    }
    try write(JSONText.array(counted).text(expanded: 4) + "\n", to: file)
  }

  /// Before anything is measured: hours of work should not end at a folder that is not there.
  private func open(_ path: String) throws -> OutputFile {
    try path == "-" ? .standardOutput() : OutputFile(path: path)
  }

  private func write(_ text: String, to file: OutputFile) throws {
    try file.append(Array(text.utf8))
    try file.commit()
    Progress.say("wrote \(file.path)")
  }
}

/// What a run starts for itself.
struct TuneCLBlast: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "tune-clblast", shouldDisplay: false)

  @Argument var kernel: String
  @Option var fraction: Double
  @Option var device: String
  @Option var output: String

  func run() throws {
    let found = try CLBlastTuning.tuneHere(kernel, fraction: fraction, on: try Device.select(device))
    try JSONEncoder().encode(found).write(to: URL(fileURLWithPath: output), options: .atomic)
  }
}
