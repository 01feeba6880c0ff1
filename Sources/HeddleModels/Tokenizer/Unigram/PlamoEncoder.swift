import HeddleText

/// The unigram model of PLaMo 2: of all ways to cut a text into tokens the one whose scores have the greatest sum, in whole
/// ten-thousandths, found from the text's end; of equals the one whose token is longer.
///
/// A character without a token of its own costs 1000 and becomes the tokens of its bytes. A mark of byte order that a text
/// begins with is left out. Source: Preferred Networks, `tokenization_plamo.py`, as llama.cpp has it.
struct PlamoEncoder: TextEncoder {
  private let fallback: ByteFallback
  private let trie: ByteTrie
  /// Of each token; nil for one that is never taken.
  private let scores: [Int?]

  private static let unknownScore = -10_000_000

  init(_ vocabulary: Vocabulary, scores: [Float]) {
    fallback = ByteFallback(vocabulary, unknownID: nil)
    self.scores = scores.map { score in
      guard let score = Int(exactly: (Double(score) * 1e4).rounded(.toNearestOrAwayFromZero)), score > -20_000_000,
        score < 1 << 31
      else { return nil }
      return score
    }
    trie = ByteTrie(vocabulary) { _, kind in kind != .byte }
  }

  /// The best way from a place to the text's end: its score, and its first token with where that ends; -1 for bytes.
  private struct Step {
    var score = Int.min
    var end = 0
    var id: Int32 = -1
  }

  func encode(_ text: UnsafeBufferPointer<UInt8>, into ids: inout [Int]) {
    let text = UnsafeBufferPointer(
      rebasing: text.part(from: text.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0, to: text.count))
    var steps = [Step](filled: Step(), count: text.count &+ 1)  // Traps: never (clamped-count).
    steps.update(at: text.count) { $0.score = 0 }
    var start = text.count
    while start > 0 {
      start &-= 1
      while start > 0, let byte = text[at: start], byte & 0xC0 == 0x80 { start &-= 1 }
      var best = Step()
      trie.forEachMatch(in: text, from: start) { id, end in
        guard let own = scores[at: Int(id)] ?? nil, let rest = steps[at: end], rest.score > Int.min else { return }
        if own &+ rest.score >= best.score { best = Step(score: own &+ rest.score, end: end, id: id) }
      }
      let next = UTF8Text.end(of: start, in: text)
      let unknown = Self.unknownScore &+ (steps[at: next]?.score ?? 0)
      if unknown > best.score { best = Step(score: unknown, end: next, id: -1) }
      steps.update(at: start) { $0 = best }
    }
    while start < text.count, let step = steps[at: start], step.end > start {
      if step.id >= 0 {
        ids.append(Int(step.id))
      } else {
        var isUnknown = false
        let character = UnsafeBufferPointer(rebasing: text.part(from: start, to: step.end))
        fallback.forEach(character, after: &isUnknown) { id, _ in ids.append(Int(id)) }
      }
      start = step.end
    }
  }
}
