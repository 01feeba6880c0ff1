import Foundation
import Heddle
import TestSupport
import Testing

/// What each command that writes a file makes of what is at the path: one rule for all.
@Suite(.serialized) struct OutputTests {
  /// A command that writes a file.
  enum Writer: String, CaseIterable, Sendable {
    case prune, tensor, trace, tune

    func arguments(_ model: String, _ output: String) -> [String] {
      switch self {
      case .prune: ["prune", model, output, "--pattern", "2:4"]
      case .tensor: ["tensor", model, "blk.0.attn_q.weight", "--output", output]
      case .trace:
        ["generate", "--model", model, "--prompt", "the cat", "--max-tokens", "2", "--trace", output]
      case .tune: ["tune", "--matmul", "2...16x64x80", "--rounds", "5", "--output", output]
      }
    }

    /// Whether these bytes are the whole file.
    func isWhole(_ bytes: Data) -> Bool {
      switch self {
      case .prune: (try? ModelFile(bytes: Array(bytes), name: "pruned"))?.tensors.count == 20
      case .tensor: bytes.count == 64 * 64 * 4
      case .trace: (try? JSONSerialization.jsonObject(with: bytes)) is [String: Any]
      case .tune: (try? TuningDecisions(json: bytes))?.choices.isEmpty == false
      }
    }
  }

  /// Other files of the process would else have the number of what is closed.
  @Test func aClosedOutputIsSaid() async throws {
    for line in ["$0 devices >&-", "$0 tokenize --model $1 x <&- >&-", "$0 convert $1 $2 >&-"] {
      let output = try path("closed.gguf")
      let result = try await HeddleTool.shell(line, model, output)
      #expect(result.isFailure("standard output is closed"), "\(line): \(result)")
      #expect(!FileManager.default.fileExists(atPath: output))
    }
    let silent = try await HeddleTool.shell("$0 tokenize --model $1 x 2>&-", model)
    #expect(silent.status == 0 && silent.text.hasPrefix("["), "\(silent)")
  }

  private let model: String
  private let folder: URL

  init() throws {
    model = try HeddleTool.model("output.gguf")
    folder = try HeddleTool.temporaryFile("output-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  private func path(_ name: String, _ content: String? = nil) throws -> String {
    let url = folder.appendingPathComponent(name)
    try content.map { try Data($0.utf8).write(to: url) }
    return url.path
  }

  private func write(_ writer: Writer, _ output: String) async throws -> HeddleTool.Result {
    try await HeddleTool.run(writer.arguments(model, output))
  }

  /// The same for a shell.
  private func line(_ writer: Writer, _ output: String) -> String {
    "\"$0\" " + writer.arguments(model, output).map { "'\($0)'" }.joined(separator: " ")
  }

  private func mode(_ path: String) throws -> Int {
    try #require(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
  }

  private func type(_ path: String) throws -> FileAttributeType {
    try #require(try FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType)
  }

  private func bytes(_ path: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path)) }

  private var unfinished: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".part") } }
  }

  @Test(arguments: Writer.allCases) func `files and links`(_ writer: Writer) async throws {
    let new = try path("new")
    #expect(try await write(writer, new).status == 0)
    #expect(try writer.isWhole(bytes(new)) && mode(new) == 0o644)

    let kept = try path("kept", "old")
    #expect(chmod(kept, 0o600) == 0)
    let link = try path("link")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "kept")
    #expect(try await write(writer, link).status == 0)
    #expect(try writer.isWhole(bytes(kept)) && mode(kept) == 0o600 && type(link) == .typeSymbolicLink)

    let dangling = try path("dangling")
    try FileManager.default.createSymbolicLink(atPath: dangling, withDestinationPath: "\(folder.path)/made")
    #expect(try await write(writer, dangling).status == 0)
    #expect(try writer.isWhole(bytes(path("made"))) && type(dangling) == .typeSymbolicLink)

    // A name of the greatest length leaves no room for more.
    let long = try path(String(repeating: "n", count: 255))
    #expect(try await write(writer, long).status == 0)
    #expect(try writer.isWhole(bytes(long)) && unfinished.isEmpty)
  }

  @Test(arguments: Writer.allCases) func `standard output, pipes and devices`(_ writer: Writer) async throws {
    for name in ["-", "/dev/stdout", "/dev/fd/1"] {
      let result = try await write(writer, name)
      #expect(result.status == 0 && (name == "-" || result.output.count > 0), "\(name): \(result)")
      // Elsewhere what is said goes to standard output too.
      #expect(name != "-" || writer.isWhole(result.output), "\(name): \(result)")
    }
    let pipe = try path("pipe")
    #expect(mkfifo(pipe, 0o600) == 0)
    let piped = try await HeddleTool.shell(
      "cat '\(pipe)' >'\(pipe).read' & \(line(writer, pipe)); status=$?; wait; exit $status")
    #expect(piped.status == 0, "\(piped)")
    #expect(try writer.isWhole(bytes("\(pipe).read")))
    #expect(try mode(pipe) == 0o600 && type(pipe) != .typeRegular)

    // As root, a device of the test's own: that of the machine would be lost if this went wrong.
    let device = geteuid() == 0 ? try path("null") : "/dev/null"
    if geteuid() == 0 { try #require(mknod(device, S_IFCHR | 0o600, dev_t(1 << 8 | 3)) == 0) }
    #expect(try await write(writer, device).status == 0)
    #expect(try type(device) == .typeCharacterSpecial && unfinished.isEmpty)
  }

  @Test(arguments: Writer.allCases) func `what cannot be written is one line, and leaves nothing`(
    _ writer: Writer
  ) async throws {
    let hard = try path("hard")
    try FileManager.default.linkItem(atPath: model, toPath: hard)
    let soft = try path("soft")
    try FileManager.default.createSymbolicLink(atPath: soft, withDestinationPath: model)
    let circle = try path("circle")
    try FileManager.default.createSymbolicLink(atPath: circle, withDestinationPath: circle)
    let full = try path("full")
    try FileManager.default.createSymbolicLink(atPath: full, withDestinationPath: "/dev/full")
    let before = try bytes(model)
    var cases = [
      (folder.path, "is a directory"), (try path("none/out"), "No such file"), ("", "No such file"),
      // Not even root may make a file there.
      ("/sys/heddle-out", "denied"), (circle, "symbolic links"), (full, "No space"), ("\(full)/out", "Not a directory"),
    ]
    if writer != .tune {
      cases += [(model, "the model itself"), (hard, "the model itself"), (soft, "the model itself")]
    }
    for (path, words) in cases {
      let result = try await write(writer, path)
      // The text of `generate` was written before the disk was full.
      let isFailure = path == full && writer == .trace ? result.status == 1 : result.isFailure(words)
      #expect(isFailure && result.error.contains(words), "\(path): \(result)")
    }
    #expect(try bytes(model) == before && unfinished.isEmpty)
  }

  @Test(arguments: Writer.allCases) func `a disk that is full`(_ writer: Writer) async throws {
    let output = try path("kept", "old")
    _ = try await write(writer, try path("warm"))
    // A limit on the size of files stands for it: nobody need be root for that. What caches hold is there already, and
    // what is said goes through a pipe.
    let limit = try bytes(path("warm")).count <= 1024 ? 0 : 1
    let result = try await HeddleTool.shell(
      "(ulimit -f \(limit); \(line(writer, output))) 2>&1 | cat >&2; exit ${PIPESTATUS[0]}")
    #expect(result.status == 1 && result.error.contains("File too large"), "\(result)")
    #expect(try bytes(output) == Data("old".utf8) && unfinished.isEmpty)
  }

  @Test(arguments: Writer.allCases, [SIGINT, SIGTERM, SIGHUP]) func signals(_ writer: Writer, _ number: Int32)
    async throws
  {
    let output = try path("kept", "old")
    let result = try await HeddleTool.run(
      writer.arguments(model, output) + (writer == .tune ? ["--force"] : []),
      signal: .init(number: number) { _, _ in try !unfinished.isEmpty })
    #expect(result.exited && result.status == 128 + number, "\(result)")
    #expect(try bytes(output) == Data("old".utf8) && unfinished.isEmpty)
    #expect(try #require(result.signalSeconds) < 0.5)
  }
}
