import Foundation
import Heddle
import Testing

@testable import HeddleModels

/// Small vocabularies of every algorithm against the ids of sentencepiece and tokenizers, and every rule of
/// pretokenizers against its expressions in tokenizers (`Resources/tokenizers/make.py`).
@Suite struct VocabularyTests {
  struct Case: Decodable {
    var text: String
    var ids: [Int]
    /// With special tokens recognised, where that differs.
    var special: [Int]?
  }

  struct Cuts: Decodable {
    var texts: [String]
    /// By the name of a pretokenizer, for each text where its words end, in bytes.
    var rules: [String: [String]]
  }

  static let names = [
    "llama", "llama-bare", "llama-rules", "t5", "t5-bytes", "bert", "gemma4", "gpt2", "qwen2", "plamo2", "hybriddna",
    "whitespace",
  ]

  static func description(_ name: String) throws -> TokenizerDescription {
    let path = Bundle.module.bundleURL.appendingPathComponent("Resources/tokenizers/\(name).gguf").path
    return try TokenizerDescription(ModelFile(path: path).metadata)
  }

  static func tokenizer(_ name: String) throws -> Tokenizer { try Tokenizer(description(name)) }

  /// The cases of this target, or of the folder that `make.py --texts` wrote.
  private func cases<Value: Decodable>(_ name: String) throws -> Value {
    guard let folder = ProcessInfo.processInfo.environment["HEDDLE_TOKENIZER_CASES"] else {
      return try resource("tokenizers/\(name)")
    }
    return try JSONDecoder().decode(Value.self, from: Data(contentsOf: URL(filePath: "\(folder)/\(name).json")))
  }

  /// Scalars, for texts that are canonically equal are not the same.
  private func shown(_ text: String) -> String {
    text.unicodeScalars.map { $0.isASCII ? $0.debugDescription.dropFirst().dropLast() + "" : $0.escaped(asASCII: true) }
      .joined()
  }

  @Test(arguments: names) func `ids equal the library's`(name: String) throws {
    let tokenizer = try Self.tokenizer(name)
    let cases: [Case] = try cases(name)
    #expect(cases.count >= 140)
    var wrong = 0
    for item in cases {
      for (parse, ids) in [(false, item.ids), (true, item.special ?? item.ids)] {
        let got = tokenizer.encode(item.text, parseSpecial: parse, addBOS: false, addEOS: false)
        guard got != ids else { continue }
        wrong += 1
        if wrong <= 3 { Issue.record("\(name): '\(shown(item.text))' is \(got), not \(ids)") }
      }
    }
    #expect(wrong == 0, "\(name): of \(cases.count) texts")
  }

  @Test func `words equal those of the expressions`() throws {
    let cuts: Cuts = try cases("pretokenizers")
    #expect(cuts.rules.count >= 30)
    for (name, expected) in cuts.rules.sorted(by: { $0.key < $1.key }) {
      let rule = try #require(Pretokenizer(name: name))
      var wrong = 0
      for (text, ends) in zip(cuts.texts, expected) {
        var got: [String] = []
        let bytes = Array(text.utf8)
        bytes.withUnsafeBufferPointer { buffer in rule.forEachWord(in: buffer) { got.append("\($0.upperBound)") } }
        guard got.joined(separator: " ") != ends else { continue }
        wrong += 1
        if wrong <= 3 { Issue.record("\(name): '\(shown(text))' ends at \(got.joined(separator: " ")), not \(ends)") }
      }
      #expect(wrong == 0, "\(name): of \(cuts.texts.count) texts")
    }
  }

  /// A rule that is only another name shares another's expressions; each is compiled.
  @Test func `every rule is an expression`() {
    for family in Pretokenizer.families {
      for name in family.names { #expect(Pretokenizer(name: name) != nil, "\(name)") }
    }
    #expect(Set(Pretokenizer.names).count == Pretokenizer.names.count)
  }

  /// What leaves nothing out comes back: all that is in the text, where no rule replaces any of it.
  @Test(arguments: ["llama", "t5-bytes", "gemma4", "gpt2", "plamo2"]) func `texts come back`(name: String) throws {
    let tokenizer = try Self.tokenizer(name)
    let cases: [Case] = try cases(name)
    for item in cases {
      let ids = tokenizer.encode(item.text, parseSpecial: false, addBOS: false, addEOS: false)
      // A mark of byte order is left out.
      if name == "plamo2", item.text.unicodeScalars.contains("\u{FEFF}") { continue }
      let marked = ["gpt2", "plamo2"].contains(name) ? item.text : item.text.replacingScalars("▁", by: " ")
      // A text that goes on behind a token of its own begins with a space again.
      guard try !ids.contains(where: { try tokenizer.kind(of: $0) == .userDefined }) else { continue }
      let whole = try tokenizer.decode(ids, skipSpecial: false)
      #expect(Array(whole.utf8) == Array(marked.utf8), "\(name): '\(shown(item.text))'")
      var decoder = tokenizer.makeDecoder(skipSpecial: false)
      var text = ""
      for id in ids { text += try decoder.append(id) }
      text += decoder.finish()
      #expect(Array(text.utf8) == Array(whole.utf8), "\(name): '\(shown(item.text))'")
    }
  }
}

extension String {
  fileprivate func replacingScalars(_ scalar: Unicode.Scalar, by other: Unicode.Scalar) -> String {
    var result = String.UnicodeScalarView()
    result.append(contentsOf: unicodeScalars.map { $0 == scalar ? other : $0 })
    return String(result)
  }
}
