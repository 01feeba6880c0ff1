import Foundation
import HeddlePlanning
import Testing

/// The file form of decisions.
@Suite struct TuningDecisionsTests {
  private let decisions = TuningDecisions(
    [ProblemSignature(rawValue: "matmul{a: \"b\"}(f32[1...2, 3]) -> f32[4]"): "wide 8x16"], device: "a device")

  @Test func `it comes back as it was, pinned`() throws {
    let json = try decisions.json()
    #expect(try TuningDecisions(json: json) == decisions)
    #expect(try TuningDecisions(json: TuningDecisions([:], source: .tuned).json()).source == .pinned)
    // One choice is one line: files are committed and compared.
    #expect(String(decoding: json, as: UTF8.self).split(separator: "\n").count { $0.contains("wide 8x16") } == 1)
  }

  @Test func `what is no file of decisions says so`() throws {
    func error(_ text: String) -> TuningFileError? {
      #expect(throws: TuningFileError.self) { try TuningDecisions(json: Data(text.utf8), name: "f.json") }
    }
    let good = String(decoding: try decisions.json(), as: UTF8.self)
    #expect(error("") == .notJSON("f.json"))
    #expect(error("GGUF") == .notJSON("f.json"))
    #expect(error(String(good.dropLast(9))) == .notJSON("f.json"))
    #expect(error("{}") == .notDecisions("f.json"))
    #expect(error("[1]") == .notDecisions("f.json"))
    #expect(error(good.replacing("heddle-tuning-decisions", with: "other")) == .notDecisions("f.json"))
    #expect(error(good.replacing("\"wide 8x16\"", with: "3")) == .notDecisions("f.json"))
    #expect(error(good.replacing("\"version\" : 1", with: "\"version\" : 7")) == .version("f.json", got: 7, known: 1))
  }

  @Test func `what cannot be read says why`() throws {
    func reason(_ path: String) -> String {
      let error = #expect(throws: TuningFileError.self) { try TuningDecisions(contentsOf: path) }
      return error.map { "\($0)" } ?? ""
    }
    #expect(reason("/nonexistent/file").contains("no such file"))
    #expect(reason("/tmp").contains("directory"))
    #expect(reason("/dev/zero").contains("16 MiB"))
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("heddle-\(UUID().uuidString).json")
    defer { try? FileManager.default.removeItem(at: path) }
    try decisions.json().write(to: path)
    #expect(try TuningDecisions(contentsOf: path.path) == decisions)
  }
}
