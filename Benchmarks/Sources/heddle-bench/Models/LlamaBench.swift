import Foundation
import Heddle

/// llama-bench of llama.cpp, a process for each measurement.
struct LlamaBench {
  /// What a row is run with; caches are float16 in both.
  static let ways = ["flash attention", "no flash attention"]
  let identity: String
  private let program: String
  private let threads: Int

  init(threads: Int) throws {
    program = try PeerFolder.file("llama.cpp/llama-bench")
    self.threads = threads
    identity = "llama-bench of llama.cpp b11434, \(threads) threads"
  }

  private struct Result: Decodable {
    var samples_ns: [Double]
  }

  /// What one run of a row takes each way.
  func seconds(_ row: ModelBenchmark.Row, model: String) throws -> [Double] {
    try ["1", "0"].map { flash in
      let counts = row.kind == .prompt ? ["-p", "\(row.tokens)", "-n", "0"] : ["-p", "0", "-n", "\(row.tokens)"]
      let output = try run(
        ["-m", model, "-d", "\(row.context)", "-fa", flash, "-t", "\(threads)", "-r", "1", "-o", "json"] + counts)
      guard let result = try JSONDecoder().decode([Result].self, from: output).first,
        let nanoseconds = result.samples_ns.first
      else { throw BenchmarkError("llama-bench measured nothing") }
      return nanoseconds / 1e9
    }
  }

  private func run(_ arguments: [String]) throws -> Data {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.filter { name, _ in
      !["OMP_", "GOMP_", "KMP_", "GGML_", "LLAMA_"].contains { name.hasPrefix($0) }
    }
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw BenchmarkError("llama-bench \(arguments.joined(separator: " ")) ended with \(process.terminationStatus)")
    }
    return data
  }
}
