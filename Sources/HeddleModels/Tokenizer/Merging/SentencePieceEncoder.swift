import HeddleText

/// The BPE of SentencePiece: characters are merged while their neighbours together are a token, the greatest score first.
///
/// A character without a token becomes the tokens of its bytes, or where the vocabulary lacks one the unknown token, one
/// for a run of such characters. Sources: sentencepiece, `bpe_model.cc`; llama.cpp, `llama-vocab.cpp`.
struct SentencePieceEncoder: TextEncoder {
  private let normalizer: SentencePieceNormalizer
  private let fallback: ByteFallback
  private let rule: ScoredMerges

  init(_ vocabulary: Vocabulary, scores: [Float], unknownID: Int?, normalizer: SentencePieceNormalizer) {
    self.normalizer = normalizer
    fallback = ByteFallback(vocabulary, unknownID: unknownID)
    rule = ScoredMerges(vocabulary, scores)
  }

  func encode(_ text: UnsafeBufferPointer<UInt8>, into ids: inout [Int]) {
    normalizer.normalize(text).withUnsafeBufferPointer { text in
      var merger = SymbolMerger(rule)
      merger.append(charactersOf: text, rule.vocabulary, fallback)
      merger.merge(text, into: &ids)
    }
  }
}

/// Neighbours merge if they are a token together; the greater its score, the earlier.
struct ScoredMerges: MergeRule {
  let vocabulary: Vocabulary
  private let ranks: [UInt32]

  init(_ vocabulary: Vocabulary, _ scores: [Float]) {
    self.vocabulary = vocabulary
    ranks = scores.map(Self.rank)
  }

  func merge(_ left: TextSymbol, _ right: TextSymbol, in text: UnsafeBufferPointer<UInt8>) -> Merge? {
    guard right.end &- left.start <= vocabulary.longest,
      let id = vocabulary.id(of: UnsafeBufferPointer(rebasing: text.part(from: left.start, to: right.end))),
      let rank = ranks[at: Int(id)]
    else { return nil }
    return Merge(rank: rank, result: id)
  }

  /// Numbers that fall as scores grow: the bits of a float in the order of its values, inverted.
  private static func rank(_ score: Float) -> UInt32 {
    let bits = (score + 0).bitPattern
    return min(bits >> 31 == 0 ? ~bits & 0x7FFF_FFFF : bits, .max &- 1)
  }
}
