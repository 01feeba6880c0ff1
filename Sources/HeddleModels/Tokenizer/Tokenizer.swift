import ChatTemplates
import HeddleText

/// Text to token ids and back, by any of the algorithms of ``ModelSupport/tokenizers``.
///
/// A value, safe to share between threads. Encoding takes any text and cannot fail: what has no token becomes the unknown
/// token or, in vocabularies that have none, is left out as the model's own tokenizer does.
public struct Tokenizer: Sendable {
  let vocabulary: Vocabulary
  private let encoder: any TextEncoder
  private let specials: SpecialTokenMatcher
  private let spaceTakers: SpaceTakers
  private let normalizesToNFC: Bool
  /// Whether encoding put a space before a text, which decoding takes away.
  let hasSpacePrefix: Bool
  /// Whether tokens that begin a word have a mark for the space before it.
  let marksWords: Bool
  /// What closes a sequence where `addsEOS`: WordPiece has a separator for it.
  private let closingID: Int?

  /// Opens and closes a sequence.
  public let bosID: Int?
  public let eosID: Int?
  /// What `encode` gives for text without a token, in vocabularies that have one for it. An id that is no token's is taken
  /// for none, and the algorithm's default stands in where it has one.
  public let unknownID: Int?
  /// Fills unused places of a batch; nil also for an id that is no token's. Nothing here depends on it.
  public let paddingID: Int?

  /// The tokens after which a model has nothing more to say: end of sequence, of turn, of message. The description names
  /// some; others are known by their spelling, such as `<|im_end|>` and `<|eot_id|>`.
  public let endOfGenerationIDs: Set<Int>

  /// Whether `encode` adds these when it is not told.
  public let addsBOS: Bool
  public let addsEOS: Bool

  /// How many tokens there are; ids are below it.
  public var count: Int { vocabulary.count }

  /// Builds the tables, about 40 ms for 50 000 tokens.
  public init(_ description: TokenizerDescription) throws(TokenizerError) {
    guard let model = TokenizerModel(rawValue: description.model) else { throw .unsupportedModel(description.model) }
    guard let pretokenizer = model.pretokenizer(named: description.pretokenizer) else {
      throw .unsupportedPretokenizer(description.pretokenizer)
    }
    try Self.checkIDs(description)
    let description = Self.completed(description, model)
    let named = EndTokens.ids(description)
    vocabulary = try Vocabulary(
      tokens: Self.spelledTokens(description, model), kinds: Self.kinds(description, ends: named),
      spelling: model.spelling(pretokenizer),
      isIndexed: model.looksUpTokens)
    encoder = try Self.encoder(description, model, pretokenizer, vocabulary)
    specials = SpecialTokenMatcher(vocabulary)
    spaceTakers = description.spaceTakers
    normalizesToNFC = description.normalizesToNFC ?? pretokenizer.traits.contains(.composed)
    hasSpacePrefix = description.addSpacePrefix ?? (model.addsSpacePrefix || model == .wordPiece)
    marksWords = model == .wordPiece
    bosID = description.bosID
    eosID = description.eosID
    closingID = model == .wordPiece ? description.separatorID ?? description.eosID : description.eosID
    unknownID = description.unknownID
    paddingID = description.paddingID
    let ends = [description.eosID, description.endOfTurnID, description.endOfMessageID] + description.endIDs
    endOfGenerationIDs = named.union(ends.compactMap { $0 })
    // Files of Gemma 4 say no by mistake, as llama.cpp knows too.
    addsBOS = model == .markedBytePairs || description.addBOS ?? model.addsBOS(pretokenizer)
    addsEOS = description.addEOS ?? model.addsEOS
  }

  /// The ids of `text`.
  ///
  /// - Parameters:
  ///   - parseSpecial: whether tokens that steer the model, spelled out in the text, become those tokens. Never true for
  ///     text that someone else wrote. User-defined tokens are matched in any case: they are text.
  ///   - addBOS: whether the BOS token comes first; nil means what the model file says. Likewise `addEOS`, last.
  public func encode(
    _ text: String, parseSpecial: Bool, addBOS: Bool? = nil, addEOS: Bool? = nil
  ) -> [Int] {
    var ids: [Int] = []
    if addBOS ?? addsBOS, let bosID { ids.append(bosID) }
    append([RenderedRun(text, isTrusted: parseSpecial)], to: &ids)
    if addEOS ?? addsEOS, let closingID { ids.append(closingID) }
    return ids
  }

  /// The ids of a rendered conversation: as if its runs were one text, except that tokens that steer the model are
  /// recognised only where all of their text is trusted. Nothing is added before or after: that is the template's to say.
  public func encode(_ runs: [RenderedRun]) -> [Int] {
    var ids: [Int] = []
    append(runs, to: &ids)
    return ids
  }

  /// The id of the special token spelled `text`.
  public func specialID(_ text: String) -> Int? {
    let bytes = Array(text.utf8)
    let trust = [RenderedRun.Trust(end: bytes.count, isTrusted: true)]
    var run = 0
    guard let match = specials.firstMatch(in: bytes, from: 0, trust: trust, run: &run), match.range == bytes.indices
    else { return nil }
    return match.id
  }

  private func append(_ runs: [RenderedRun], to ids: inout [Int]) {
    let (text, trust) = RenderedRun.bytes(of: runs)
    var (start, run) = (0, 0)
    while let match = specials.firstMatch(in: text, from: start, trust: trust, run: &run) {
      var plain = text.part(from: start, to: match.range.lowerBound)
      if spaceTakers.before.contains(match.id) {
        while plain.last.map(SpaceTakers.isSpace) == true { _ = plain.popLast() }
      }
      append(plain, to: &ids)
      ids.append(match.id)
      start = match.range.upperBound
      if spaceTakers.after.contains(match.id) {
        while text[at: start].map(SpaceTakers.isSpace) == true { start &+= 1 }
      }
    }
    append(text.part(from: start), to: &ids)
  }

  /// Text without special tokens.
  private func append(_ text: ArraySlice<UInt8>, to ids: inout [Int]) {
    guard !text.isEmpty else { return }
    guard normalizesToNFC, text.contains(where: { $0 >= 0x80 }) else {
      return text.withUnsafeBufferPointer { encoder.encode($0, into: &ids) }
    }
    ComposedText.composed(text).withUnsafeBufferPointer { encoder.encode($0, into: &ids) }
  }
}
