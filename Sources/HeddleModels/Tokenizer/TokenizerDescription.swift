/// What a model file says about its tokenizer, as plain values. Each field names the GGUF key it comes from.
public struct TokenizerDescription: Hashable, Sendable {
  /// `tokenizer.ggml.model`: the algorithm, one of ``ModelSupport/tokenizers``. `gpt2` is byte-level BPE.
  public var model: String

  /// `tokenizer.ggml.pre`: the name of the rules that cut text into words before merging. Absent means `default`.
  public var pretokenizer: String

  /// `tokenizer.ggml.tokens`: the text of each token; of ordinary tokens in the spelling of the algorithm: with letters for
  /// bytes in byte-level BPE, with U+2581 for spaces in SentencePiece and before what begins a word in WordPiece.
  public var tokens: [String]

  /// `tokenizer.ggml.merges`: `left right`, the earlier the stronger.
  public var merges: [String]

  /// `tokenizer.ggml.scores`: of each token, for SentencePiece: the greater, the earlier it is merged, or the likelier it is.
  public var scores: [Float]

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

  /// `heddle.end_token_ids`, a key of Heddle's: all tokens that end an answer, where they are more than GGUF has keys for.
  /// Empty means that the others say it.
  public var endIDs: [Int]

  /// `tokenizer.ggml.seperator_token_id` (so spelled): ends a sequence of WordPiece.
  public var separatorID: Int?

  /// `tokenizer.ggml.unknown_token_id`: stands for what has no token.
  public var unknownID: Int?

  /// `tokenizer.ggml.padding_token_id`: fills unused places of a batch.
  public var paddingID: Int?

  /// `tokenizer.ggml.add_bos_token`. Absent means what the pretokenizer's models were trained with in byte-level BPE, yes
  /// for `llama` and `bert`, no for `t5` and `rwkv`. `gemma4` has it always, whatever is said.
  public var addBOS: Bool?

  /// `tokenizer.ggml.add_eos_token`. Absent means yes for `t5` and `bert`, else no.
  public var addEOS: Bool?

  /// `tokenizer.ggml.add_space_prefix`: whether a space is put before a text. Absent means yes for SentencePiece, `llama` and `t5`.
  public var addSpacePrefix: Bool?

  /// `tokenizer.ggml.remove_extra_whitespaces`: whether SentencePiece drops spaces at either end of a text, and all but one
  /// of several. Absent means no.
  public var removeExtraWhitespaces: Bool?

  /// `tokenizer.ggml.precompiled_charsmap`: what SentencePiece replaces in a text, see its `normalizer.cc`. Empty for none.
  public var charactersMap: [UInt8]

  /// `tokenizer.ggml.normalizer.lowercase`: whether WordPiece lowers letters. Absent means yes.
  public var lowercase: Bool?

  /// `tokenizer.ggml.normalizer.strip_accents`: whether WordPiece leaves accents out. Absent means as for lowering letters.
  public var stripAccents: Bool?

  /// `tokenizer.ggml.normalizer.nfc`, a key of Heddle's: whether text is brought into the composed form NFC first, as a
  /// `tokenizer.json` may ask. Absent means what the pretokenizer's models do.
  public var normalizesToNFC: Bool?

  /// Special tokens that take the white space of ASCII before them with them, or that after them. No key says so: see
  /// ``SpaceTakers``.
  public var spaceTakers = SpaceTakers()

  /// `tokenizer.chat_template`: a Jinja template, see `ChatTemplate`.
  public var chatTemplate: String?

  public init(
    model: String, pretokenizer: String = "default", tokens: [String], merges: [String], scores: [Float] = [],
    tokenTypes: [Int] = [], bosID: Int? = nil, eosID: Int? = nil, endOfTurnID: Int? = nil, endOfMessageID: Int? = nil,
    endIDs: [Int] = [], separatorID: Int? = nil, unknownID: Int? = nil, paddingID: Int? = nil, addBOS: Bool? = nil,
    addEOS: Bool? = nil,
    addSpacePrefix: Bool? = nil, removeExtraWhitespaces: Bool? = nil, charactersMap: [UInt8] = [],
    lowercase: Bool? = nil, stripAccents: Bool? = nil, normalizesToNFC: Bool? = nil, chatTemplate: String? = nil
  ) {
    self.model = model
    self.pretokenizer = pretokenizer
    self.tokens = tokens
    self.merges = merges
    self.scores = scores
    self.tokenTypes = tokenTypes
    self.bosID = bosID
    self.eosID = eosID
    self.endOfTurnID = endOfTurnID
    self.endOfMessageID = endOfMessageID
    self.endIDs = endIDs
    self.separatorID = separatorID
    self.unknownID = unknownID
    self.paddingID = paddingID
    self.addBOS = addBOS
    self.addEOS = addEOS
    self.addSpacePrefix = addSpacePrefix
    self.removeExtraWhitespaces = removeExtraWhitespaces
    self.charactersMap = charactersMap
    self.lowercase = lowercase
    self.stripAccents = stripAccents
    self.normalizesToNFC = normalizesToNFC
    self.chatTemplate = chatTemplate
  }
}
