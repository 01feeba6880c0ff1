import ArgumentParser
import Foundation
import Heddle

/// `heddle tokenize`
struct TokenizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tokenize", abstract: "Prints the token ids of a text.")

  @Option(
    name: [.customLong("model"), .customShort("m")],
    help: "A model: a GGUF file, a folder as a model hub has it, or a safetensors file that heddle wrote.",
    transform: Arguments.text)
  var model: String

  @Argument(help: "The text; - or none for standard input.", transform: Arguments.text)
  var text: String?

  @Flag(help: "Takes special tokens that the text spells out for plain text.")
  var noSpecial = false

  @Flag(help: "Adds no token that opens or closes a sequence, whatever the model says.")
  var noEnds = false

  @Flag(help: "Takes each line for a text of its own, and prints a line for each.")
  var lines = false

  @Flag(help: "Takes each line for a text of its own, written as a JSON string. Prints JSON with the decoded text too.")
  var json = false

  func validate() throws {
    if lines, json {
      throw ValidationError("--json takes each line for a text anyhow: --lines cannot be given beside it")
    }
  }

  func run() throws {
    let file = try ModelFile(path: model)
    let tokenizer = try Tokenizer(TokenizerDescription(file.metadata))
    let input = try text.flatMap { $0 == "-" ? nil : $0 } ?? TextFile.read("-")
    guard lines || json else { return try Console.output("\(ids(input, tokenizer))\n") }
    var lines = input.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
    if lines.last?.isEmpty == true { lines.removeLast() }
    guard json else { return try lines.forEach { try Console.output("\(ids($0, tokenizer))\n") } }
    // All of them first: a line that is wrong is an error before anything is printed.
    let texts = try lines.enumerated().map { index, line in
      guard let text = try? JSONDecoder().decode(String.self, from: Data(line.utf8)) else {
        throw CommandError("line \(index + 1) is no JSON string")
      }
      return text
    }
    for text in texts {
      let ids = ids(text, tokenizer)
      try Console.json(Result(ids: ids, text: try tokenizer.decode(ids, skipSpecial: false)))
    }
  }

  private func ids(_ text: String, _ tokenizer: Tokenizer) -> [Int] {
    let ends = noEnds ? false : nil
    return tokenizer.encode(text, parseSpecial: !noSpecial, addBOS: ends, addEOS: ends)
  }

  private struct Result: Encodable {
    var ids: [Int]
    var text: String
  }
}
