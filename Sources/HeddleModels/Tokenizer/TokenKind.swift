/// What a token is for. The raw values are those of GGUF's `tokenizer.ggml.token_type`.
public enum TokenKind: Int, Hashable, Sendable, Codable {
  case undefined = 0
  case normal = 1
  case unknown = 2
  /// Steers the model and is no text: `<|im_start|>`, `<|endoftext|>`.
  case control = 3
  /// Added to the vocabulary by hand: part of the text, and matched whole in any text, as llama.cpp and the tokenizers
  /// library do.
  case userDefined = 4
  case unused = 5
  case byte = 6

  /// Whether the token is matched whole in text that may hold special tokens.
  public var isSpecial: Bool { self == .control || self == .userDefined || self == .unknown }

  /// Whether decoding leaves the token out when special tokens are skipped.
  public var isSkippable: Bool { self == .control || self == .unknown }
}
