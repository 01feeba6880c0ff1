import HeddleText

/// The unigram language model of SentencePiece: of all ways to cut a text into tokens the one whose scores, logarithms of
/// probabilities, have the greatest sum.
///
/// A character without a token of its own costs ten more than the least likely token. It becomes the tokens of its bytes,
/// or where the vocabulary lacks one the unknown token, one for a run of such characters. Sources: Kudo 2018
/// (arXiv 1804.10959); sentencepiece, `unigram_model.cc`.
struct UnigramEncoder: TextEncoder {
  private let normalizer: SentencePieceNormalizer
  private let fallback: ByteFallback
  private let trie: ByteTrie
  private let scores: [Double]
  private let unknownScore: Double

  init(_ vocabulary: Vocabulary, scores: [Float], unknownID: Int?, normalizer: SentencePieceNormalizer) {
    self.normalizer = normalizer
    fallback = ByteFallback(vocabulary, unknownID: unknownID)
    let normal = zip(scores, vocabulary.kinds).filter { $1 == .normal }.map(\.0)
    let (least, greatest) = (Double(normal.min() ?? 0), Double(normal.max() ?? 0))
    unknownScore = least - 10
    var given: [Double] = []
    for (id, (score, kind)) in zip(scores, vocabulary.kinds).enumerated() {
      // One that was added by hand is better than any way to build it.
      let length = Double(vocabulary.bytes(of: id).count)
      given.append(kind == .userDefined ? length * greatest - 0.1 : Double(score))
    }
    self.scores = given
    trie = ByteTrie(vocabulary) { _, kind in kind == .normal || kind == .userDefined || kind == .undefined }
  }

  /// The best way to a place: its score, and its last token with where that begins; -1 for a character without one.
  private struct Step {
    var score = -Double.infinity
    var start = 0
    var id: Int32 = -1
  }

  func encode(_ text: UnsafeBufferPointer<UInt8>, into ids: inout [Int]) {
    let text = normalizer.normalize(text)
    text.withUnsafeBufferPointer { text in
      var steps = [Step](filled: Step(), count: text.count &+ 1)  // Traps: never (clamped-count).
      steps.update(at: 0) { $0.score = 0 }
      var start = 0
      while start < text.count {
        let next = UTF8Text.end(of: start, in: text)
        let score = steps[at: start]?.score ?? 0
        var isKnown = false
        trie.forEachMatch(in: text, from: start) { id, end in
          if end == next { isKnown = true }
          take(Step(score: score + (scores[at: Int(id)] ?? 0), start: start, id: id), to: end, &steps)
        }
        if !isKnown { take(Step(score: score + unknownScore, start: start, id: -1), to: next, &steps) }
        start = next
      }
      append(text, steps, to: &ids)
    }
  }

  private func take(_ step: Step, to end: Int, _ steps: inout [Step]) {
    steps.update(at: end) { if step.score > $0.score { $0 = step } }
  }

  /// Goes back along the best way, and forth again.
  private func append(_ text: UnsafeBufferPointer<UInt8>, _ steps: [Step], to ids: inout [Int]) {
    var way: [(range: Range<Int>, id: Int32)] = []
    var end = text.count
    while end > 0, let step = steps[at: end], step.start < end {
      way.append((step.start..<max(step.start, end), step.id))
      end = step.start
    }
    var isUnknown = false
    for (range, id) in way.reversed() {
      if id >= 0 {
        isUnknown = false
        ids.append(Int(id))
      } else {
        let character = UnsafeBufferPointer(rebasing: text.part(from: range.lowerBound, to: range.upperBound))
        fallback.forEach(character, after: &isUnknown) { id, _ in ids.append(Int(id)) }
      }
    }
  }
}
