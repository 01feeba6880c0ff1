@testable import HeddleModels

/// A vocabulary of all bytes, a few merges and a few special tokens: enough to see every rule at work.
enum Synthetic {
  static let merges = ["h e", "l l", "he ll", "hell o", "Ġ w", "Ġ Ġ", "a a", "aa aa", "o r", "Ã ©", "1 2"]
  static let specials = ["<|a|>", "<|ab|>", "<|a|>b", "<tool>"]

  static var bytes: [String] {
    ByteAlphabet.scalars.compactMap { Unicode.Scalar($0).map { String(Character($0)) } }
  }

  /// Bytes are ids 0 to 255, merges follow, then the special tokens: control, but the last user-defined.
  static var description: TokenizerDescription {
    let merged = merges.map { $0.filter { $0 != " " } }
    let tokens = bytes + merged + specials
    let types = tokens.indices.map { $0 < 256 + merges.count ? 1 : $0 == tokens.count - 1 ? 4 : 3 }
    return TokenizerDescription(
      model: "gpt2", pretokenizer: "gpt-2", tokens: tokens, merges: merges, tokenTypes: types,
      bosID: 256 + merges.count, eosID: 257 + merges.count)
  }

  static func merge(_ text: String) -> Int { (merges.firstIndex(of: text) ?? -1000) + 256 }
  static func special(_ text: String) -> Int { (specials.firstIndex(of: text) ?? -1000) + 256 + merges.count }
  static func byte(_ character: Unicode.Scalar) -> Int { Int(character.value) }

  static func tokenizer(_ change: (inout TokenizerDescription) -> Void = { _ in }) throws -> Tokenizer {
    var description = description
    change(&description)
    return try Tokenizer(description)
  }
}
