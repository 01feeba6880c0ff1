import Foundation

/// A process that answers one line of JSON with one line of JSON.
final class WorkerProcess {
  private let process = Process()
  private let input = Pipe()
  private let output = Pipe()
  private var received: [UInt8] = []
  private let name: String

  init(_ executable: String, arguments: [String], environment: [String: String], name: String) throws {
    self.name = name
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments = arguments
    process.environment = environment
    process.standardInput = input
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    // A worker that died is an error of the next request, not a signal.
    signal(SIGPIPE, SIG_IGN)
    try process.run()
  }

  deinit {
    try? input.fileHandleForWriting.close()
    if process.isRunning { process.terminate() }
  }

  /// - Throws: ``BenchmarkError`` with the worker's own words, or if it ended or is silent for `timeout` seconds.
  func ask<Answer: Decodable>(_ request: JSONText, timeout: Int = 300) throws -> Answer {
    try input.fileHandleForWriting.write(contentsOf: Data((request.text(expanded: 0) + "\n").utf8))
    let line = Data(try readLine(timeout: timeout))
    if let failure = try? JSONDecoder().decode(Failure.self, from: line) {
      throw BenchmarkError("\(name): \(failure.error)")
    }
    return try JSONDecoder().decode(Answer.self, from: line)
  }

  private struct Failure: Decodable {
    var error: String
  }

  private func readLine(timeout: Int) throws -> [UInt8] {
    let descriptor = output.fileHandleForReading.fileDescriptor
    let deadline = ContinuousClock.now + .seconds(timeout)
    while true {
      if let end = received.firstIndex(of: 0x0A) {
        let line = Array(received[..<end])
        received.removeFirst(end + 1)
        return line
      }
      var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      let ready = poll(&waiting, 1, 1000)
      if ready == 0 || (ready < 0 && errno == EINTR) {
        guard ContinuousClock.now < deadline else { throw BenchmarkError("\(name) did not answer in \(timeout) s") }
        continue
      }
      var chunk = [UInt8](repeating: 0, count: 65536)
      let count = read(descriptor, &chunk, chunk.count)
      guard count > 0 else { throw BenchmarkError("\(name) ended") }
      received += chunk.prefix(count)
    }
  }
}
