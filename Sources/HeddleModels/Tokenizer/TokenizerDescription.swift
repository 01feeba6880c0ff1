/// What a model file says about its tokenizer, as plain values. Each field names the GGUF key it comes from.
public struct TokenizerDescription: Hashable, Sendable {
  /// `tokenizer.ggml.model`: the family of the tokenizer. `gpt2` is byte-level BPE.
  public var model: String

  /// `tokenizer.ggml.pre`: the name of the rules that cut text into words before merging. Absent means `default`.
  public var pretokenizer: String

  /// `tokenizer.ggml.tokens`: the text of each token, in the byte alphabet for ordinary tokens, plain for special ones.
  public var tokens: [String]

  /// `tokenizer.ggml.merges`: `left right`, the earlier the stronger.
  public var merges: [String]

  /// `tokenizer.ggml.token_type`: the raw value of each token's `TokenKind`. Empty when the file has none.
  public var tokenTypes: [Int]

  /// `tokenizer.ggml.bos_token_id`: opens a sequence.
  public var bosID: Int?

  /// `tokenizer.ggml.eos_token_id`: closes a sequence.
  public var eosID: Int?

  /// `tokenizer.ggml.eot_token_id`: closes a turn of a conversation.
  public var endOfTurnID: Int?

  /// `tokenizer.ggml.eom_token_id`: closes a message that a tool call follows.
  public var endOfMessageID: Int?

  /// `tokenizer.ggml.unknown_token_id`: stands for what has no token.
  public var unknownID: Int?

  /// `tokenizer.ggml.padding_token_id`: fills unused places of a batch.
  public var paddingID: Int?

  /// `tokenizer.ggml.add_bos_token`. Absent means what the pretokenizer's models were trained with.
  public var addBOS: Bool?

  /// `tokenizer.ggml.add_eos_token`. Absent means no.
  public var addEOS: Bool?

  /// `tokenizer.chat_template`: a Jinja template, see `ChatTemplate`.
  public var chatTemplate: String?

  public init(
    model: String, pretokenizer: String = "default", tokens: [String], merges: [String], tokenTypes: [Int] = [],
    bosID: Int? = nil, eosID: Int? = nil, endOfTurnID: Int? = nil, endOfMessageID: Int? = nil, unknownID: Int? = nil,
    paddingID: Int? = nil, addBOS: Bool? = nil, addEOS: Bool? = nil, chatTemplate: String? = nil
  ) {
    self.model = model
    self.pretokenizer = pretokenizer
    self.tokens = tokens
    self.merges = merges
    self.tokenTypes = tokenTypes
    self.bosID = bosID
    self.eosID = eosID
    self.endOfTurnID = endOfTurnID
    self.endOfMessageID = endOfMessageID
    self.unknownID = unknownID
    self.paddingID = paddingID
    self.addBOS = addBOS
    self.addEOS = addEOS
    self.chatTemplate = chatTemplate
  }
}
