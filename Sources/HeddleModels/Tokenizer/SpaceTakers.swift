/// Special tokens that take white space beside them with them: `lstrip` and `rstrip` of a `tokenizer.json`.
///
/// GGUF files do not say it, so that it is known by the names of models. Source: llama.cpp, `src/llama-vocab.cpp`,
/// attributes of tokens.
public struct SpaceTakers: Hashable, Sendable {
  /// Ids of tokens before which white space goes.
  public var before: Set<Int>
  /// Ids of tokens after which white space goes.
  public var after: Set<Int>

  public init(before: Set<Int> = [], after: Set<Int> = []) {
    self.before = before
    self.after = after
  }

  /// - Parameters:
  ///   - model: `general.name`.
  ///   - architecture: `general.architecture`.
  init(_ description: TokenizerDescription, model: String, architecture: String) {
    self.init()
    let model = model.lowercased()
    func has(_ text: String, _ names: [String]) -> Bool { names.contains { text.contains($0) } }
    func ids(_ token: String) -> [Int] {
      description.tokens.enumerated().filter { $1.utf8.elementsEqual(token.utf8) }.map(\.offset)
    }
    if has(description.pretokenizer, ["jina-v2-de", "jina-v2-es", "jina-v2-code", "mmbert"])
      || has(architecture, ["nomic-bert-moe", "jina-bert-v3"])
    {
      before = Set(ids("<mask>"))
    } else if has(model, ["phi-3", "phi3"]) {
      let special = description.tokenTypes.enumerated().filter { TokenKind(rawValue: $1)?.isSpecial == true }
      after = Set(special.map(\.offset)).union(ids("</s>"))
      for token in ["<unk>", "<s>", "<|endoftext|>"] { after.subtract(ids(token)) }
    } else if has(model, ["modern-bert"]) {
      before = Set(ids("[MASK]"))
    }
  }

  /// `isspace` of C.
  static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}
