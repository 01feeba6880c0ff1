import Foundation
import Heddle
import TestSupport
import Testing

/// `heddle tune`, each run a process of its own. Caches are the test's own: nothing recorded leaks into other tests.
@Suite(.serialized) struct TuneCommandTests {
  private struct Report: Decodable {
    struct Candidate: Decodable, Equatable {
      var name: String
      var seconds: Double
    }

    struct Row: Decodable {
      var signature: String
      var chosen: String
      var status: String
      var candidates: [Candidate]
    }

    struct Listing: Decodable {
      struct Entry: Decodable {
        var signature: String
        var chosen: String
      }

      var path: String
      var entries: [Entry]
    }

    var rows: [Row]
  }

  private let product = ["tune", "--matmul", "2...16x64x80", "--rounds", "5"]

  private func withCache(_ body: ([String: String]) async throws -> Void) async throws {
    let folder = try TestDevices.temporaryDirectory("tune")
    defer { try? FileManager.default.removeItem(at: folder) }
    try await body(["HEDDLE_CACHE_DIR": folder.path])
  }

  private func rows(_ result: HeddleTool.Result) throws -> [Report.Row] {
    #expect(result.status == 0 && result.exited, "\(result.error)")
    return try JSONDecoder().decode(Report.self, from: result.output).rows
  }

  private func list(_ environment: [String: String]) async throws -> Report.Listing {
    let result = try await HeddleTool.run("tune", "--list", "--json", environment: environment)
    #expect(result.status == 0, "\(result.error)")
    return try JSONDecoder().decode(Report.Listing.self, from: result.output)
  }

  @Test func `a new process knows what another measured, until the record is damaged or cleared`() async throws {
    try await withCache { environment in
      let first = try await HeddleTool.run(product + ["--json"], environment: environment)
      #expect(first.error == "")
      let measured = try #require(try rows(first).first)
      #expect(measured.status == "measured" && measured.candidates.count > 1)
      #expect(measured.candidates.allSatisfy { $0.seconds > 0 })
      func again() async throws -> (row: Report.Row, error: String) {
        let result = try await HeddleTool.run(product + ["--json"], environment: environment)
        return (try #require(try rows(result).first), result.error)
      }
      let recorded = try await again()
      #expect(recorded.row.status == "recorded" && recorded.row.chosen == measured.chosen)
      #expect(recorded.row.candidates == measured.candidates)

      let listing = try await list(environment)
      #expect(listing.entries.map(\.signature) == [measured.signature])
      #expect(listing.entries.map(\.chosen) == [measured.chosen])
      let text = try await HeddleTool.run("tune", "--list", environment: environment)
      #expect(text.text.contains("*\(measured.chosen) ") && text.error.contains("tuned operations: 1, in"))

      let url = URL(fileURLWithPath: listing.path)
      var bytes = try Data(contentsOf: url)
      bytes[bytes.count / 2] ^= 4
      try bytes.write(to: url)
      let rebuilt = try await again()
      #expect(rebuilt.row.status == "measured")
      #expect(rebuilt.error.hasPrefix("note: ") && rebuilt.error.contains("damaged"), "\(rebuilt.error)")
      #expect(try await again().row.status == "recorded")

      #expect(try await HeddleTool.run("tune", "--clear", environment: environment).status == 0)
      #expect(try await list(environment).entries.isEmpty)
    }
  }

  @Test func `processes that measure at once keep each other's entries`() async throws {
    try await withCache { environment in
      try await withThrowingTaskGroup(of: HeddleTool.Result.self) { group in
        for outputs in [80, 96, 112] {
          group.addTask {
            try await HeddleTool.run(
              ["tune", "--matmul", "2...16x64x\(outputs)", "--rounds", "5", "--json"], environment: environment)
          }
        }
        for try await result in group { #expect(try rows(result).map(\.status) == ["measured"]) }
      }
      #expect(try await list(environment).entries.count == 3)
    }
  }

  @Test func `a model's choices are written to a file, pinned, and change no token`() async throws {
    try await withCache { environment in
      var llama = try SyntheticLlama()
      // No range of long steps: fewer kernels to compile.
      llama.metadata["llama.context_length"] = .uint32(16)
      let model = try HeddleTool.temporaryFile("tune.gguf")
      try Data(llama.serialized()).write(to: model)
      let file = try HeddleTool.temporaryFile("decisions.json")
      let tuned = try await HeddleTool.run(
        ["tune", "--model", model.path, "--rounds", "5", "--output", file.path], environment: environment)
      #expect(tuned.status == 0, "\(tuned.error)")
      #expect(tuned.text.contains("× the default") && tuned.text.contains("tokens 2...16"))
      let decisions = try TuningDecisions(contentsOf: file.path)
      #expect(!decisions.choices.isEmpty)

      func tokens(_ tuning: String...) async throws -> [Int] {
        let arguments = ["generate", "--model", model.path, "--prompt", "the cat", "--max-tokens", "6", "--json"]
        let result = try await HeddleTool.run(arguments + tuning, environment: environment)
        #expect(result.status == 0, "\(result.error)")
        let object = try JSONSerialization.jsonObject(with: result.output) as? [String: Any]
        return try #require(object?["token_ids"] as? [Int])
      }
      let plain = try await tokens("--tuning", "off")
      #expect(try await tokens() == plain)
      #expect(try await tokens("--tuning", file.path) == plain)

      // A choice that is none is an error that names those there are.
      var wrong = decisions
      let signature = try #require(decisions.choices.keys.sorted().first)
      wrong.choices[signature] = "wide 77x7"
      try wrong.json().write(to: file)
      let failure = try await HeddleTool.run(
        ["generate", "--model", model.path, "--prompt", "x", "--tuning", file.path], environment: environment)
      #expect(failure.isFailure("wide 77x7", signature.rawValue, "there are [\""), "\(failure)")
    }
  }

  #if CLBlast
    @Test func `relaxed numerics add a library to the candidates, under a name of their own`() async throws {
      try await withCache { environment in
        let result = try await HeddleTool.run(product + ["--json", "--numerics", "relaxed"], environment: environment)
        let measured = try #require(try rows(result).first)
        #expect(measured.signature.hasPrefix("relaxed matmul") && measured.candidates.last?.name == "clblast")
        let exact = try #require(try rows(await HeddleTool.run(product + ["--json"], environment: environment)).first)
        #expect(measured.signature == "relaxed \(exact.signature)" && exact.status == "measured")
        #expect(exact.candidates.map(\.name) == measured.candidates.dropLast().map(\.name))
      }
    }
  #endif

  @Test(
    arguments: [
      ([], "--model"), (["--list", "--clear"], "--list and --clear"), (["--matmul", "3x4"], "3x4"),
      (["--matmul", "0x4x4"], "0x4x4"), (["--matmul", "9...2x4x4"], "9...2x4x4"),
      (["--matmul", "1x99999999999999999999x4"], "--matmul"),
      (["--list", "--values", "q4_0"], "--values needs --matmul"),
      (["--matmul", "1x4x4", "--rounds", "2"], "--rounds"), (["--matmul", "1x4x4", "--budget", "0"], "--budget"),
      (["--matmul", "1x4x4", "--budget", "nan"], "--budget"), (["--list", "--numerics", "loose"], "relaxed"),
      (["--list", "--output", "x"], "--output"),
    ]) func `wrong use`(_ arguments: [String], _ words: String) async throws
  {
    let result = try await HeddleTool.run(["tune"] + arguments)
    #expect(result.isMisuse(words), "\(result)")
  }

  @Test(
    arguments: [
      (["--model", "/nonexistent.gguf"], "no such file"), (["--list", "--device", "Quantum"], "Quantum"),
      (["--matmul", "1x4x4", "--values", "i32"], "q4_0"), (["--matmul", "1x33x4", "--values", "q4_0"], "33"),
      (["--matmul", "1x1048576x1048576"], "too large"), (["--matmul", "1048576x1048576x1"], "too large"),
      (["--matmul", "2...1048576x1x1048576"], "too large"),
    ]) func `what cannot be tuned`(_ arguments: [String], _ words: String) async throws
  {
    let result = try await HeddleTool.run(["tune"] + arguments)
    #expect(result.isFailure(words), "\(result)")
  }

  @Test func `a file that holds no decisions`() async throws {
    let model = try DemoModel.file().path
    let text = try HeddleTool.temporaryFile("decisions.txt")
    try Data("no decisions".utf8).write(to: text)
    for (path, words) in [("/nonexistent.json", "no such file"), (text.path, "not JSON"), ("/dev/zero", "16 MiB")] {
      let result = try await HeddleTool.run("generate", "--model", model, "--prompt", "x", "--tuning", path)
      #expect(result.isFailure(path, words), "\(result)")
    }
  }
}
