import Foundation
import TestSupport
import Testing

/// The built `heddle`, run as a process of its own with caches of its own.
struct HeddleTool {
  struct Result {
    var status: Int32
    /// The process ended by itself, not by a signal.
    var exited: Bool
    var output: Data
    /// What was said, but for ``progress``.
    var error: String
    /// The lines that say how far a command has come, of those that take longer than a second.
    var progress: String
    /// From the signal to the end.
    var signalSeconds: Double?

    var text: String { String(decoding: output, as: UTF8.self) }

    /// The failure every command promises: exit code 1 and one line on stderr.
    func isFailure(_ words: String...) -> Bool { isError(1, words) }

    /// The same for arguments that are wrong, whatever the files hold: exit code 2.
    func isMisuse(_ words: String...) -> Bool { isError(2, words) }

    private func isError(_ code: Int32, _ words: [String]) -> Bool {
      let lines = error.split(separator: "\n")
      return exited && status == code && lines.count == 1 && error.utf8.starts(with: "error: ".utf8) && output.isEmpty
        && words.allSatisfy(error.contains)
    }
  }

  /// A signal to send once something is so.
  struct Signal {
    var number: Int32
    /// Given what was written to standard output and standard error so far.
    var isDue: (_ output: Data, _ error: String) throws -> Bool
  }

  /// One folder for all, so that kernels are compiled once in a run of the tests.
  private static let folder = Swift.Result { try TestDevices.temporaryDirectory("tool") }

  /// `heddle` beside the test bundle.
  static func executable() throws -> URL {
    let arguments = [CommandLine.arguments.first, Bundle.main.executablePath].compactMap { $0 }
    let beside = arguments.map { URL(fileURLWithPath: $0).deletingLastPathComponent() } + [Bundle.main.bundleURL]
    let candidates = beside.map { $0.appendingPathComponent("heddle") }
    let found = candidates.first { FileManager.default.isExecutableFile(atPath: $0.path) }
    return try #require(found, "no 'heddle' in \(beside.map(\.path)): build the package first")
  }

  static func environment(_ more: [String: String] = [:]) throws -> [String: String] {
    let folder = try folder.get()
    var environment = ProcessInfo.processInfo.environment
    for name in ["HEDDLE_DEVICE", "OCL_ICD_VENDORS", "POCL_DEVICES"] { environment[name] = nil }
    environment["POCL_SIGFPE_HANDLER"] = "0"
    for (name, part) in [("POCL_CACHE_DIR", "pocl"), ("HEDDLE_CACHE_DIR", "heddle")] {
      let cache = folder.appendingPathComponent(part)
      try FileManager.default.createDirectory(at: cache, withIntermediateDirectories: true)
      environment[name] = cache.path
    }
    return environment.merging(more) { $1 }
  }

  static func temporaryFile(_ name: String) throws -> URL { try folder.get().appendingPathComponent(name) }

  /// The file of a small model.
  static func model(_ name: String) throws -> String {
    let url = try temporaryFile(name)
    try Data(SyntheticLlama().serialized()).write(to: url)
    return url.path
  }

  /// Runs to the end.
  ///
  /// - Parameters:
  ///   - input: standard input; nothing by default.
  ///   - output: standard output, if it is not to be kept.
  ///   - signal: sent once, when it is due.
  static func run(
    _ arguments: [String], environment more: [String: String] = [:], input: Data? = nil,
    output other: FileHandle? = nil,
    signal: Signal? = nil
  ) async throws -> Result {
    try await run(executable(), arguments, environment: more, input: input, output: other, signal: signal)
  }

  /// Runs a line of a shell, in which `$0` is the tool and `$1` the first of `arguments`.
  static func shell(_ line: String, _ arguments: String...) async throws -> Result {
    try await run(URL(fileURLWithPath: "/bin/bash"), ["-c", line, try executable().path] + arguments)
  }

  private static func run(
    _ executable: URL, _ arguments: [String], environment more: [String: String] = [:], input: Data? = nil,
    output other: FileHandle? = nil, signal: Signal? = nil
  ) async throws -> Result {
    let process = Process()
    process.executableURL = executable
    process.arguments = arguments
    process.environment = try environment(more)
    // Files, not pipes: nobody has to read them while the process runs.
    let id = UUID().uuidString
    let (output, error) = (try temporaryFile("\(id).out"), try temporaryFile("\(id).err"))
    for url in [output, error] { try Data().write(to: url) }
    process.standardOutput = try other ?? FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: error)
    process.standardInput = FileHandle.nullDevice
    if let input {
      let url = try temporaryFile("\(id).in")
      try input.write(to: url)
      process.standardInput = try FileHandle(forReadingFrom: url)
    }
    try process.run()
    let limit = ContinuousClock.now + .seconds(300)
    var signalled: ContinuousClock.Instant?
    func said() throws -> String { String(decoding: try Data(contentsOf: error), as: UTF8.self) }
    while process.isRunning {
      if ContinuousClock.now > limit { kill(process.processIdentifier, SIGKILL) }
      if let signal, signalled == nil, try signal.isDue(try Data(contentsOf: output), try said()) {
        signalled = .now
        kill(process.processIdentifier, signal.number)
      }
      try await Task.sleep(for: .milliseconds(5))
    }
    let lines = try said().split(separator: "\n", omittingEmptySubsequences: false)
    func text(_ isProgress: Bool) -> String {
      lines.filter { $0.hasPrefix("progress: ") == isProgress }.joined(separator: "\n")
    }
    return Result(
      status: process.terminationStatus, exited: process.terminationReason == .exit,
      output: try Data(contentsOf: output), error: text(false), progress: text(true),
      signalSeconds: signalled.map { $0.duration(to: .now) / .seconds(1) })
  }

  static func run(_ arguments: String..., environment: [String: String] = [:]) async throws -> Result {
    try await run(arguments, environment: environment)
  }
}
