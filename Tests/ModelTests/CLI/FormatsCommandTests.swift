import Foundation
import Heddle
import TestSupport
import Testing

@testable import HeddleModels

/// What loads is printed from the code, and the README says the same.
@Suite struct FormatsCommandTests {
  @Test func `the README's table is what the tool prints`() async throws {
    let text = try await HeddleTool.run("formats").text
    let readme = try String(contentsOf: SourceFiles.package.appendingPathComponent("README.md"), encoding: .utf8)
    #expect(
      readme.contains("<!-- heddle formats -->\n\n\(text)\n<!-- end of heddle formats -->"),
      "put the output of `heddle formats` between the marks of README.md")
    #expect(HostileText.remains(in: text, allowingLines: true).isEmpty)
  }

  @Test func `every type and every tokenizer is in the table`() async throws {
    let text = try await HeddleTool.run("formats").text
    for type in GGUFTensorType.all {
      let line = text.split(separator: "\n").first { line in
        line.split(whereSeparator: { " |,".contains($0) }).contains(Substring(type.name)) && line.contains("| yes |")
      }
      #expect(line?.contains("not yet") == (type.encoding == nil), "\(type)")
    }
    for name in ModelSupport.pretokenizers { #expect(Pretokenizer(name: name) != nil && text.contains("`\(name)`")) }
    for model in ModelSupport.tokenizers {
      #expect(throws: Never.self) {
        try Synthetic.tokenizer { ($0.model, $0.scores) = (model.name, $0.tokens.map { _ in 0 }) }
      }
    }
    for word in ["Q6_K", "SentencePiece", "tekken", "Q4_K_M"] { #expect(text.contains(word)) }
  }

  /// A file may have two types that are missing: both are named at once, in a line.
  @Test func `a file in types that are missing says all of them`() async throws {
    let model = try SyntheticLlama()
    var writer = GGUFWriter()
    for (key, value) in model.metadata { try writer.set(key, value) }
    for (name, tensor) in model.tensors.sorted(by: { $0.key < $1.key }) where !name.contains("attn_") {
      try writer.add(name, tensor)
    }
    for name in ["q", "k"] {
      try writer.add(
        "blk.0.attn_\(name).weight", type: .q8_1, shape: [1, 256], bytes: [UInt8](repeating: 0, count: 288))
    }
    try writer.add("output.weight", type: .f64, shape: [1, 256], bytes: [UInt8](repeating: 0, count: 2048))
    let file = try ModelFile(bytes: writer.serialized())
    let error = await #expect(throws: ModelError.self) {
      try await LanguageModel.open(file: file, backend: ReferenceBackend())
    }
    let formats = Encoding.weights.map { $0.name.uppercased() }.joined(separator: ", ")
    #expect(
      error?.description
        == "2 tensors such as 'blk.0.attn_q.weight' are stored as Q8_1, tensor 'output.weight' is stored as F64, which "
        + "Heddle cannot compute with yet; such files work in \(formats)")
    #expect(formats.hasPrefix("F32, F16, BF16, Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q4_K, Q6_K"))
  }
}
