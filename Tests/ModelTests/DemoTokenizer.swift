import Foundation
import Heddle

/// Where the demo model's tokenizer description is, as JSON; tests that need the real vocabulary run only with it.
private let demoTokenizerPath = ProcessInfo.processInfo.environment["HEDDLE_TOKENIZER_JSON"]

let hasDemoTokenizer = demoTokenizerPath != nil

struct MissingDemoTokenizer: Error {}

/// The tokenizer of SmolLM2-135M-Instruct.
func demoTokenizer() throws -> Tokenizer { try Tokenizer(demoDescription()) }

func demoDescription() throws -> TokenizerDescription {
  struct Stored: Decodable {
    var model: String
    var pretokenizer: String
    var tokens: [String]
    var merges: [String]
    var tokenTypes: [Int]
    var bosID: Int
    var eosID: Int
    var chatTemplate: String
  }
  guard let demoTokenizerPath else { throw MissingDemoTokenizer() }
  let stored = try JSONDecoder().decode(Stored.self, from: Data(contentsOf: URL(fileURLWithPath: demoTokenizerPath)))
  return TokenizerDescription(
    model: stored.model, pretokenizer: stored.pretokenizer, tokens: stored.tokens, merges: stored.merges,
    tokenTypes: stored.tokenTypes, bosID: stored.bosID, eosID: stored.eosID, addBOS: false,
    chatTemplate: stored.chatTemplate)
}

/// A JSON file of this target's resources.
func resource<Value: Decodable>(_ name: String, as type: Value.Type = Value.self) throws -> Value {
  let url = Bundle.module.bundleURL.appendingPathComponent("Resources/\(name).json")
  return try JSONDecoder().decode(type, from: Data(contentsOf: url))
}
