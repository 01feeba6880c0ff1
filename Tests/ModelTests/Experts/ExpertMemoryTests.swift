import Foundation
import Heddle
import TestSupport
import Testing

/// Models of experts in less memory than all of them need: the same logits, bit for bit.
@Suite struct ExpertMemoryTests {
  static let families = [
    "mixtral", "qwen2moe", "qwen3moe", "olmoe", "gpt-oss", "deepseek2", "deepseek2-v2", "deepseek2-lite", "deepseek32",
  ]

  private func path(_ family: String) -> String {
    Bundle.module.bundleURL.appendingPathComponent("Resources/families/\(family).gguf").path
  }

  private func open(_ path: String, _ options: ModelOptions) async throws -> LanguageModel {
    try await LanguageModel.open(
      file: ModelFile(path: path), backend: TestBackends.backend(TestDevices.distinct[0]), options: options)
  }

  /// The least memory, as the error says it that asks for it.
  private func least(_ path: String, _ options: ModelOptions = ModelOptions()) async throws -> Int {
    var options = options
    options.expertMemory = 1
    do {
      _ = try await open(path, options)
    } catch ModelError.expertMemory(1, let least) {
      return least
    }
    Issue.record("one byte is enough")
    return 0
  }

  /// Logits after a prompt and after each of some tokens.
  private func logits(_ model: LanguageModel, _ session: ModelSession) async throws -> [[UInt32]] {
    let vocabulary = model.configuration.vocabularySize
    let ids = (0..<16).map { ($0 * 7 + 3) % vocabulary }
    var results = [try await session.logits(after: Array(ids[..<11])).map(\.bitPattern)]
    for id in ids[11...] { results.append(try await session.logits(after: [id]).map(\.bitPattern)) }
    return results
  }

  @Test(arguments: families, ActivationPrecision.allCases)
  func `the least memory gives the logits of room for all`(
    family: String, activations: ActivationPrecision
  ) async throws {
    let options = ModelOptions(chunk: 8, activations: activations)
    let whole = try await open(path(family), options)
    let plain = try whole.makeSession(capacity: 16)
    let expected = try await logits(whole, plain)
    #expect(plain.expertStatistics == nil)
    var limited = options
    limited.expertMemory = try await least(path(family), options)
    let model = try await open(path(family), limited)
    let session = try model.makeSession(capacity: 16)
    #expect(try await logits(model, session) == expected)
    let statistics = try #require(session.expertStatistics)
    #expect(statistics.misses > 0 && statistics.residentByteCount == limited.expertMemory)
    // More than there is of them is no budget at all.
    limited.expertMemory = 1 << 40
    #expect(try await open(path(family), limited).executable.graph == whole.executable.graph)
  }

  @Test func `a file that became shorter is the step's error, and no end`() async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("heddle-experts-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let url = folder.appendingPathComponent("model.gguf")
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path("olmoe")))
    try bytes.write(to: url)
    let model = try await open(url.path, ModelOptions(expertMemory: try await least(url.path)))
    let session = try model.makeSession(capacity: 16)
    let handle = try FileHandle(forWritingTo: url)
    try handle.truncate(atOffset: 0)
    do {
      _ = try await session.logits(after: [3, 1, 2])
      Issue.record("experts were read from a file that has none")
    } catch FileError.changed(let path, let before, let after) {
      #expect(path == url.path && before == bytes.count && after == 0)
    }
    try handle.write(contentsOf: bytes)
    let whole = try await open(path("olmoe"), ModelOptions())
    let expected = try await logits(whole, whole.makeSession(capacity: 16))
    #expect(try await logits(model, session) == expected)
  }
}
