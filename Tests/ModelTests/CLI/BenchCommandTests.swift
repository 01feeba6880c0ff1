import Foundation
import Heddle
import Testing

/// `heddle bench`, each run a process of its own.
@Suite(.serialized) struct BenchCommandTests {
  private func run(_ more: String...) async throws -> HeddleTool.Result {
    try await HeddleTool.run(["bench", "--model", FolderFixture.url("qwen3").path, "--tuning", "off"] + more)
  }

  @Test func measuresEachRow() async throws {
    let result = try await run("-p", "7,3", "-n", "2", "-d", "5,0", "-r", "2", "--json")
    #expect(result.status == 0, "\(result.error)")
    let report = try #require(try JSONSerialization.jsonObject(with: result.output) as? [String: Any])
    let rows = try #require(report["rows"] as? [[String: Any]])
    #expect(rows.map { $0["kind"] as? String } == ["prompt", "prompt", "decode", "prompt", "prompt", "decode"])
    #expect(rows.map { $0["tokens"] as? Int } == [7, 3, 2, 7, 3, 2])
    #expect(rows.map { $0["context"] as? Int } == [0, 0, 0, 5, 5, 5])
    for row in rows {
      let seconds = try #require(row["seconds"] as? [Double]).sorted()
      let rate = try #require(row["tokens_per_second"] as? Double)
      #expect(seconds.count == 2 && seconds[0] > 0)
      #expect(abs(rate * seconds[1] - Double(try #require(row["tokens"] as? Int))) < 1e-6)
    }
    let table = try await run("--prompt", "0", "--decode", "3", "--repetitions", "1")
    #expect(table.status == 0 && table.text.contains("decode 3") && !table.text.contains("prompt"), "\(table)")
  }

  @Test func leavesOutWhatHasNoRoom() async throws {
    let result = try await run("-p", "4", "-n", "0", "-d", "0,1000000", "-r", "1", "--json")
    #expect(result.status == 0 && result.error.contains("behind 1000000"), "\(result.error)")
    let report = try #require(try JSONSerialization.jsonObject(with: result.output) as? [String: Any])
    #expect((report["rows"] as? [Any])?.count == 1)
  }

  @Test func refuses() async throws {
    #expect(try await run("-p", "0", "-n", "0").isMisuse("--prompt"))
    #expect(try await run("-r", "0").isMisuse("--repetitions"))
    #expect(try await run("-p", "1,,2").isMisuse("1,,2", "numbers"))
    #expect(try await run("-d", "-1").isMisuse("-1", "numbers"))
  }

  @Test func refusesRowsWithoutRoom() async throws {
    let file = try ModelFile(path: FolderFixture.url("qwen3").path)
    let model = try await LanguageModel.open(file: file, backend: ReferenceBackend())
    let length = model.configuration.contextLength
    for row in [ModelBenchmark.Row(.prompt, tokens: 0, context: 0), .init(.decode, tokens: 1, context: length)] {
      #expect(throws: ModelError.self) { try ModelBenchmark(model, rows: [row]) }
    }
    #expect(throws: ModelError.self) {
      try ModelBenchmark(model, rows: [.init(.prompt, tokens: 1, context: 0)], chunk: 0)
    }
  }
}
