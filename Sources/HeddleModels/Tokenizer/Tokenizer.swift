import ChatTemplates
import HeddleText

/// Text to token ids and back: byte-level BPE (`gpt2` in GGUF files).
///
/// A value, safe to share between threads. Encoding takes any text and cannot fail: every byte has a token, or, in
/// vocabularies that lack a few bytes, is left out as the model's own tokenizer does.
public struct Tokenizer: Sendable {
  let vocabulary: Vocabulary
  private let pretokenizer: Pretokenizer
  private let encoder: BytePairEncoder
  private let specials: SpecialTokenMatcher

  /// Opens and closes a sequence.
  public let bosID: Int?
  public let eosID: Int?
  /// Nil also for an id that is no token's: nothing depends on it. Likewise ``paddingID``.
  public let unknownID: Int?
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
    guard description.model == "gpt2" else { throw .unsupportedModel(description.model) }
    guard let pretokenizer = Pretokenizer(name: description.pretokenizer) else {
      throw .unsupportedPretokenizer(description.pretokenizer)
    }
    try Self.checkIDs(description)
    let named = EndTokens.ids(description)
    vocabulary = try Vocabulary(tokens: description.tokens, kinds: Self.kinds(description, ends: named))
    self.pretokenizer = pretokenizer
    encoder = BytePairEncoder(
      vocabulary: vocabulary, merges: try MergeTable(description.merges, vocabulary),
      takesWholeWords: Pretokenizer.takesWholeWords(description.pretokenizer))
    specials = SpecialTokenMatcher(vocabulary)
    bosID = description.bosID
    eosID = description.eosID
    unknownID = description.unknownID.flatMap { description.tokens.indices.contains($0) ? $0 : nil }
    paddingID = description.paddingID.flatMap { description.tokens.indices.contains($0) ? $0 : nil }
    let ends = [description.eosID, description.endOfTurnID, description.endOfMessageID]
    endOfGenerationIDs = named.union(ends.compactMap { $0 })
    addsBOS = description.addBOS ?? Pretokenizer.addsBOS(description.pretokenizer)
    addsEOS = description.addEOS ?? false
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
    if addEOS ?? addsEOS, let eosID { ids.append(eosID) }
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
    var scratch = BytePairEncoder.Scratch()
    var plain: [UInt8] = []
    func flush() {
      plain.withUnsafeBufferPointer { text in
        pretokenizer.forEachWord(in: text) { word in
          encoder.encode(UnsafeBufferPointer(rebasing: text[word]), &scratch, into: &ids)
        }
      }
      plain.removeAll(keepingCapacity: true)
    }
    let (text, trust) = RenderedRun.bytes(of: runs)
    var (start, run) = (0, 0)
    while let match = specials.firstMatch(in: text, from: start, trust: trust, run: &run) {
      plain.append(contentsOf: text.part(from: start, to: match.range.lowerBound))
      flush()
      ids.append(match.id)
      start = match.range.upperBound
    }
    plain.append(contentsOf: text.part(from: start))
    flush()
  }
}
