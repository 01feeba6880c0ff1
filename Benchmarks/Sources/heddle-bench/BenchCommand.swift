import ArgumentParser
import Foundation
import Heddle

/// Heddle beside its peers and beside the machine's limits.
@main
struct BenchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "heddle-bench",
    abstract: "Measures Heddle beside other libraries and beside what the device can do at most.",
    subcommands: [Measure.self, TuneCLBlast.self], defaultSubcommand: Measure.self)
}

struct Measure: AsyncParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Runs a suite.")

  @Argument(help: "The suite: \(Suites.all.map { $0.name }.joined(separator: ", ")).") var suite: String
  @Option(help: "Writes the rows as a JSON array.") var json: String?
  @Option(help: "Writes one self-contained page.") var html: String?
  @Option(help: "Only cases whose name holds this, or one of these parted by commas.") var cases: String?
  @Option(help: "The device.") var device: String?
  @Option(help: "Samples of each contestant.") var samples = 9
  @Flag(help: "Every case and every variant.") var all = false
  @Flag(help: "Tiny cases and three samples: whether it works, not how fast.") var quick = false
  @Flag(help: "Counts launches, bytes and allocations instead of measuring; JSON, to --json or standard output.")
  var counters = false

  func validate() throws {
    guard samples >= 1 else { throw ValidationError("--samples must be at least 1, got \(samples)") }
    guard Suites.named(suite) != nil else {
      throw ValidationError("there is no suite '\(suite)'; there are \(Suites.all.map { $0.name })")
    }
  }

  func run() async throws {
    guard let suite = Suites.named(suite) else { return }
    // What is counted must not depend on what was once measured on this machine.
    let backend = try OpenCLBackend(device: try Device.select(device), tuning: counters ? .off : .recorded)
    if counters { return try await count(suite, backend) }
    let chosen = try selection(suite)
    guard !chosen.isEmpty else { throw ValidationError("no case's name holds '\(cases ?? "")'") }
    var interleaving = Interleaving()
    interleaving.samples = quick ? 3 : samples
    let run = await BenchmarkRun(suite, on: backend, interleaving: interleaving, isExhaustive: all, rotates: !quick)
    let report = try await run.run(chosen)
    print(report.text)
    if let json { try write(JSONText.array(report.rows.map(\.json)).text() + "\n", to: json) }
    if let html { try write(report.page, to: html) }
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

  private func count(_ suite: any Suite.Type, _ backend: OpenCLBackend) async throws {
    var counted: [JSONText] = []
    for graph in try suite.countedGraphs() {
      counted.append(try await Counters(graph, suite: suite.name, on: backend).json)
    }
    let text = JSONText.array(counted).text(expanded: 4) + "\n"
    if let json { try write(text, to: json) } else { print(text, terminator: "") }
  }

  private func write(_ text: String, to path: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    Progress.say("wrote \(path)")
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
