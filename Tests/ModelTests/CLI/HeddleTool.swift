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
    var error: String

    var text: String { String(decoding: output, as: UTF8.self) }

    /// The failure every command promises: exit code 1 and one line on stderr.
    func isFailure(_ words: String...) -> Bool {
      let lines = error.split(separator: "\n")
      return exited && status == 1 && lines.count == 1 && error.hasPrefix("error: ") && output.isEmpty
        && words.allSatisfy(error.contains)
    }
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

  /// Runs to the end.
  ///
  /// - Parameter interruptAfter: sends SIGINT once that much was written to standard output.
  static func run(
    _ arguments: [String], environment more: [String: String] = [:], interruptAfter bytes: Int? = nil
  ) async throws -> Result {
    let process = Process()
    process.executableURL = try executable()
    process.arguments = arguments
    process.environment = try environment(more)
    // Files, not pipes: nobody has to read them while the process runs.
    let id = UUID().uuidString
    let (output, error) = (try temporaryFile("\(id).out"), try temporaryFile("\(id).err"))
    for url in [output, error] { try Data().write(to: url) }
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: error)
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let limit = ContinuousClock.now + .seconds(300)
    var interrupted = false
    while process.isRunning {
      if ContinuousClock.now > limit { kill(process.processIdentifier, SIGKILL) }
      if let bytes, !interrupted, (try? Data(contentsOf: output).count) ?? 0 >= bytes {
        interrupted = true
        process.interrupt()
      }
      try await Task.sleep(for: .milliseconds(10))
    }
    return Result(
      status: process.terminationStatus, exited: process.terminationReason == .exit,
      output: try Data(contentsOf: output), error: String(decoding: try Data(contentsOf: error), as: UTF8.self))
  }

  static func run(_ arguments: String..., environment: [String: String] = [:]) async throws -> Result {
    try await run(arguments, environment: environment)
  }
}
